# SPDX-License-Identifier: MIT
# Every flag of mmguard, as its --help lists them, with each of its words or a number at the ends of its range: taken, and the program runs
# as without it. What is beside the range is refused before the program runs.
mkdir kept
echo 'leak:nothing' >list
mmreport baseline -o known.txt "$TRACES/clean.mmg"
declare -A example=([error-exitcode]=9 [library]="$BUILD/libguard.so" [suppressions]=list [gate]=known.txt [children]=no [dir]=kept
    [follow]='*' [log]=log.txt [symbolizer]="$BUILD/mmreport")
for form in $(formats); do example[$form]=$form.txt; done
run() { # FLAG
    output=$(mmguard "$1" -- /bin/echo ran 2>err)
    status=$?
    echo "$(sed "s#$BUILD/##" <<<"$1"): status $status, ${output:-no output}"
}
# An option is taken out of the --help once, with what stands behind its '='; not where a text mentions it.
mmguard --help | grep -oE '^ +(-[a-z]( [A-Z]+)?, )?--[a-z][a-z-]*(\[?=[^], ]*)?' | sed 's/.*--/--/' | tr -d ' [' | sort -u | while read -r flag; do
    name=${flag%%=*}
    name=${name#--}
    case $name in help | version | gdb | tool) continue ;; esac
    if [[ $flag != *=* ]]; then
        [[ $name == quiet || $name == gen-suppressions || $name == own || $name == valgrind ]] && run "--$name"
        continue
    fi
    if [[ ${example[$name]:-} ]]; then
        run "--$name=${example[$name]}"
        continue
    fi
    tr '|' '\n' <<<"${flag#*=}" | while read -r word; do
        case $word in
        *..*)
            prefix=${word%%[0-9]*}
            range=${word#"$prefix"}
            run "--$name=$prefix${range%%..*}"
            run "--$name=$prefix${range##*..}"
            run "--$name=$prefix$((${range##*..} + 1))"
            ;;
        BYTES) run "--$name=64M" ;;
        *) run "--$name=$word" ;;
        esac
    done
done
