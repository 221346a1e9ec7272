# SPDX-License-Identifier: MIT
# -o DIR makes DIR, also where other output goes to it; a run that is refused leaves none.
mmguard -q -o traces --sarif=traces/out.sarif --log=traces/log "$SAMPLES/leak_thread" >/dev/null
echo "status $?"
ls traces | sed 's/[0-9]*\.mmg/PID.mmg/'
mmguard -q -o others --gate=missing true
mmguard -q -o others no_such_program
ls
