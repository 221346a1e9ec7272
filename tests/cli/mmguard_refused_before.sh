# SPDX-License-Identifier: MIT
# What is read and written at the end is looked at before the program starts, and nothing is left behind.
echo 'not a baseline' >bad.txt
echo '{"a": 1}' >bad.json
mkdir folder closed
mkfifo fifo
try() {
    mmguard "$@" sh -c 'echo started'
    echo "status $?"
}
try --gate=bad.txt
try --gate=bad.json
try --gate=missing.txt
try --gate=fifo
for format in $(formats); do
    try --$format=missing/out
done
try --sarif=folder
try --valgrind-xml=missing/%p.xml
try --log=missing/log
try --log=folder
ls
echo "-- taken"
try --gate=/dev/null --junit=/dev/null --log=/dev/null --valgrind-xml=out.%p.xml --sarif=- | grep -v '^[ {}]'
ls | sed 's/out\.[0-9]*/out.PID/' | sort -u
