# SPDX-License-Identifier: MIT
# bash with pipes, subshells, command substitution and background jobs.
needs=bash
quick=1
run() {
    guarded bash -c '
        (echo one; echo two; echo three) | sort -r | while read -r word; do echo "[$word]"; done
        total=$(for i in $(seq 1 50); do echo $((i * i)); done | awk "{ s += \$1 } END { print s }")
        echo "total $total"
        (exit 3); echo "status $?"
        sleep 0 & wait $!; echo "job $?"
        diff <(echo a) <(echo a) && echo same
        exit 4'
}
