# SPDX-License-Identifier: MIT
# Every flag of every command, as its --help lists them: whether it is taken, and whether it makes a difference to these traces.
# A flag without an example here fails the test.
export XDG_CACHE_HOME=$PWD/cache DEBUGINFOD_CACHE_PATH=$PWD/fetched DEBUGINFOD_URLS=http://127.0.0.1:1
echo 'leak:serve' >list
echo 'leak:copy_name' >>list
echo 'heap-buffer-overflow-write:copy_name' >>list
mkdir elsewhere
mmreport merge -o both.mmg "$TRACES/leak_tree_cc.mmg" "$TRACES/leak_tree.mmg" "$TRACES/overflow.mmg"
mmreport baseline -o known.txt "$TRACES/leak_tree.mmg"
echo 'max-new = 100' >policy
cp known.txt update.txt
declare -A example=([kind]=indirect [metric]=total [group-by]=module [sort]=name [min]=50 [depth]=1 [limit]=1 [focus]=serve [ignore]=serve
    [hide]=serve [show-from]=serve [source]=1 [color]=always [sysroot]=elsewhere [path-map]=/=elsewhere [debug-dir]=elsewhere
    [dwarf]=libdwarf [suppressions]=list [baseline]=known.txt [policy]=policy [max-new]=100 [max-grown]=1 [max-count]=1 [max-bytes]=1
    [max]=definite:1 [update]=update.txt [format]=junit [root]=/ [output]=out)
declare -A files=([function]="main both.mmg" [diff]="$TRACES/leak_tree.mmg both.mmg" [export]="--format=tap both.mmg" [merge]="-o out both.mmg")
# What is found out about a library in /usr/lib is another thing on each machine.
shown() { sed -E 's/[0-9.]+s +[0-9.]+s  //; s/time="[^"]*"//' | grep -v 'libc\.so'; }
for command in summary errors tree top function diff merge gate baseline export suppressions; do
    # shellcheck disable=SC2086
    mmreport $command ${files[$command]-both.mmg} 2>&1 </dev/null | shown >plain
    for flag in $(mmreport $command --help | sed -nE 's/^  --([a-z-]+).*/\1/p'); do
        # Depends on what is installed; see mmreport_debuginfod_fetch.
        [[ $flag == debuginfod ]] && continue
        value=
        if mmreport $command --help | grep -q -- "--$flag="; then
            value==${example[$flag]?"no example of --$flag"}
        fi
        [[ $flag == accept ]] && value=" --update=update.txt"
        # shellcheck disable=SC2086
        mmreport $command --$flag$value ${files[$command]-both.mmg} >out.txt 2>&1 </dev/null
        status=$?
        same=differs
        shown <out.txt | cmp -s - plain && same="the same"
        echo "$command --$flag: $same, status $status"
    done
done
