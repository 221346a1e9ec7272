# SPDX-License-Identifier: MIT
# As it lies in a prefix: bin/mmguard finds the library in each folder that it may be installed in, and without mmguard the library finds
# bin/mmreport.
mkdir bin
cp "$BUILD/mmguard" "$BUILD/mmreport" bin
for folder in lib lib64 lib/mmguard lib/x86_64-linux-gnu; do
    mkdir -p $folder
    cp "$BUILD/libguard.so" $folder
    bin/mmguard sh -c 'echo "started with ${LD_PRELOAD#"$0/"}"' "$PWD"
    LD_PRELOAD=$PWD/$folder/libguard.so "$SAMPLES/overflow" 2>&1 >/dev/null | grep -m 1 -o 'copy_name at .*'
    rm $folder/libguard.so
done
