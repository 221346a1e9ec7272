# SPDX-License-Identifier: MIT
# A baseline shrinks by itself and grows by consent; a damaged one is refused with its line.
trace=$TRACES/leak_tree.mmg
mmreport baseline "$trace"
mmreport baseline "$trace" "$TRACES/leak_tree_cc.mmg" -o both.txt
mmreport baseline --update=both.txt "$trace"
echo "status $?"
mmreport baseline "$trace" | cmp - both.txt && echo same
sed -i '/ load_body /d' both.txt
cp both.txt before.txt
mmreport baseline --update=both.txt "$trace"
echo "status $?"
cmp both.txt before.txt
mmreport baseline --update=both.txt --accept "$trace"
echo "status $?"
mmreport baseline "$trace" | cmp - both.txt && echo same
bad() {
    printf "$1" >bad.txt
    mmreport gate --baseline=bad.txt "$trace" 2>&1
    echo "status $?"
}
bad 'nonsense\n'
bad '# a\n0123456789abcdeg definite 1 1 f\n'
bad '0123456789abcdef definite one 1 f\n'
bad '0123456789abcdef definite 1 99999999999999999999 f\n'
bad '0123456789abcdef definite 1 1 f\n0123456789abcdef definite 1 1 f\n'
bad '{"format":\n'
bad '{"a": 1}'
bad '<<<<<<< HEAD\n'
printf 'max-new = 1\nmax-newest = 2\n' >policy
mmreport gate --policy=policy "$trace" 2>&1
echo "status $?"
mmreport gate --max=definit:1 "$trace" 2>&1
echo "status $?"
