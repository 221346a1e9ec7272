# SPDX-License-Identifier: MIT
# A program that root runs and that gives up its rights leaves its trace all the same.
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
cp "$SAMPLES/overflow" overflow && chmod 755 . overflow
"${nobody[@]}" test -r "$BUILD/libguard.so" -a -x "$BUILD/mmreport" -a -x ./overflow 2>/dev/null || {
    echo "needs root, setpriv, and a build folder that all may read" >&2
    exit 77
}
mmguard "${nobody[@]}" ./overflow
echo "status $?"
