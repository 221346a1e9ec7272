# SPDX-License-Identifier: MIT
# The three forms of lists, what is said about their rules, and the sums.
trace=$TRACES/leak_tree.mmg
cat >list.txt <<'END'
# the three forms
leak:parse_header
definite:copy_text < log_request  # until 2999-12-31, ticket 12
{
   a buffer of the server
   Memcheck:Leak
   match-leak-kinds: definite
   fun:malloc
   fun:make_b*
   ...
   obj:*/leak_tree
   fun:main
}
{
   not for this tool
   Memcheck:Cond
   fun:main
}
definite:nobody
any:parse_line  # until 2001-01-01, gone by then
END
mmreport summary --suppressions=list.txt "$trace" | grep -A 5 lost
mmreport tree --suppressions=list.txt "$trace" 2>/dev/null
mmreport gate --suppressions=list.txt "$trace" 2>/dev/null
echo "status $?"
echo 'leak:*' >broad.txt
mmreport gate --suppressions=broad.txt "$trace"
echo "status $?"
# What is printed suppresses.
mmreport suppressions "$trace" | tee all.txt
mmreport gate --suppressions=all.txt "$trace"
mmreport suppressions "$TRACES/overflow.mmg" >errors.txt
LSAN_OPTIONS="verbosity=0:suppressions='errors.txt'" mmreport gate "$TRACES/overflow.mmg"
echo "status $?"
mmguard --suppressions=errors.txt "$SAMPLES/overflow" >/dev/null
echo "status $?"
mmguard --suppressions=list.txt --gen-suppressions -q "$SAMPLES/leak_tree"
echo "status $?"
