# SPDX-License-Identifier: MIT
# A signal ends the launcher while it is at its report, which takes long (here nobody reads it): the traces are where -o wants them.
mkfifo pipe
exec 3<>pipe
try() { # SIGNAL
    mkdir traces
    dd if=/dev/zero of=pipe bs=4096 oflag=nonblock 2>/dev/null
    mmguard -o traces "$SAMPLES/leak_tree" >/dev/null 2>pipe &
    launcher=$!
    for ((i = 0; i < 600; i++)); do
        compgen -G 'traces/.mmguard-*/*.mmg' >/dev/null && break
        sleep 0.1
    done
    # One that comes before the report is begun is not for it.
    for ((i = 0; i < 600; i++)); do
        kill -"$1" $launcher
        compgen -G 'traces/*.mmg' >/dev/null && break
        sleep 0.1
    done
    timeout 60 cat <pipe 2>/dev/null | tr -d '\0' >said &
    reader=$!
    wait $launcher 2>/dev/null
    echo "$1: status $?"
    echo >&3
    kill $reader
    wait $reader 2>/dev/null
    ls -A traces | sed 's/[0-9]*\.mmg/N.mmg/'
    mmreport summary traces | grep 'definitely lost'
    rm -r traces
}
try TERM
try HUP
