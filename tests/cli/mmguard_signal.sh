# SPDX-License-Identifier: MIT
# A signal sent to mmguard reaches the program, which decides what follows.
mkfifo ready
mmguard --leak-check=0 bash -c 'trap "echo caught; exit 6" TERM; echo >ready; while :; do read -r -t 0.1 <>ready; done' &
read -r _ <ready
kill -TERM $!
wait $!
echo "status $?"
