# SPDX-License-Identifier: MIT
# On a terminal: colours unless they are not wanted, rows no wider than it, lines that the locale can show.
command -v python3 >/dev/null || { echo "no python3" >&2; exit 77; }
python3 -c 'import pty; pty.openpty()' 2>/dev/null || { echo "no terminals to be had here" >&2; exit 77; }
on() { python3 "$(dirname "$BASH_SOURCE")/terminal.py" "$@"; }
unset NO_COLOR
export TERM=xterm
one=$TRACES/leak_tree.mmg two=$TRACES/leak_tree_cc.mmg
painted() { if [[ $(grep -c $'\033\[') != 0 ]]; then echo "$1: colours"; else echo "$1: none"; fi; }
on 80 mmreport tree "$one" | painted terminal
NO_COLOR=1 on 80 mmreport tree "$one" | painted NO_COLOR=1
NO_COLOR='' on 80 mmreport tree "$one" | painted "NO_COLOR empty"
TERM=dumb on 80 mmreport tree "$one" | painted TERM=dumb
on 80 mmreport tree --color=never "$one" | painted --color=never
NO_COLOR=1 on 80 mmreport tree --color=always "$one" | painted "NO_COLOR=1 --color=always"
mmreport tree "$one" | painted pipe
mmreport tree --color=always "$one" | painted "pipe --color=always"
mmreport tree --json --color=always "$one" | painted JSON
for command in tree "tree --invert" top "function main" diff; do
    for columns in 80 100; do
        files=("$one" "$two")
        # shellcheck disable=SC2086
        LC_ALL=C.UTF-8 NO_COLOR=1 on $columns mmreport $command "${files[@]}" >out
        echo "$command on $columns columns: $(python3 -c 'import sys; print(sum(len(line.rstrip("\n")) > int(sys.argv[1]) for line in open("out", encoding="utf-8")))' $columns) lines too wide"
    done
done
export NO_COLOR=1
LC_ALL=C.UTF-8 on 60 mmreport tree "$two" >out
PYTHONIOENCODING=utf-8 python3 -c 'for line in open("out", encoding="utf-8"):
    drawn = "".join(c for c in line if "\u2500" <= c <= "\u257f")
    if drawn: print("UTF-8:", drawn, line.split()[0])'
echo "ASCII: $(on 60 mmreport tree "$two" | LC_ALL=C grep -c $'[\x80-\xff]')"
LC_ALL=C.UTF-8 on 60 mmreport top "$two" | sed -E 's/ +[0-9.]+s +[0-9.]+s  /  /' | head -n 3
