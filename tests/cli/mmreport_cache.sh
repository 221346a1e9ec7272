# SPDX-License-Identifier: MIT
# The cache of names: the same answers with it and without, and entries that cannot be trusted do not count.
export XDG_CACHE_HOME=$PWD/cache
tree() { mmreport tree "$@" "$TRACES/leak_tree.mmg" | md5sum; }
plain=$(tree --no-cache)
ls cache 2>/dev/null
same() { # WHAT
    [[ $(tree) == "$plain" ]] && echo "$1: the same names"
}
entry() { ls cache/mmreport/"$(mmreport tree --json --no-symbols "$TRACES/leak_tree.mmg" >/dev/null; readelf -n "$SAMPLES/leak_tree" | sed -n 's/.*Build ID: //p')".libdw; }
command -v readelf >/dev/null || { echo "no readelf" >&2; exit 77; }
same "filled"
stat -c 'folder %a' cache/mmreport
stat -c 'entry %a' "$(entry)"
written=$(stat -c %i "$(entry)")
same "used"
[[ $(stat -c %i "$(entry)") == "$written" ]] && echo "not written again"
# A name is changed in the entry: what has the wrong sum does not count.
sed -i 's/make_buffer/make_murder/' "$(entry)"
same "tampered with"
head -c 200 "$(entry)" >cut && cat cut >"$(entry)"
same "cut off"
: >"$(entry)"
same "empty"
file=$(entry)
mv "$file" real && ln -s "$PWD/real" "$file"
same "a link"
rm -f "$file" && same "gone" && chmod 666 "$file"
same "writable by all"
chmod 777 cache/mmreport
same "folder writable by all"
chmod 700 cache/mmreport
for i in 1 2 3 4 5 6 7 8; do same "at once" & done | sort -u
wait
ls cache/mmreport | grep -c 'libdw\.'
exit 0
