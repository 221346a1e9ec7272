/* SPDX-License-Identifier: MIT */
#include "diag/helper.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "base/bits.h"
#include "base/own_memory.h"
#include "base/print.h"
#include "base/program.h"
#include "base/sys.h"

#define CHILD_STACK (64 * 1024)
#define TIME_LIMIT  60

static struct {
    char path[4096];
    char *stack;
    /* A copy of the program's at its start, which programs write over later; without what makes
     * libraries load or would guard mmreport itself. */
    const char **environment;
} helper;

/* What the child does. It shares our memory, so it changes nothing but its own signal and
 * descriptor state, which are copies. */
struct child {
    const char *const *arguments;
    int input, output;
    int status; /* mmreport's, as from wait */
    int result; /* 0 if status is valid, else -errno */
};

static bool usable(const char *path)
{
    return !sys_failed(sys_call3(SYS_access, (long)path, 1 /* X_OK */, 0));
}

/* The first `length` bytes of `path`, with `tail` behind. A relative path is of the directory that
 * the program was started in. No path at all where that is unknown: later on it would lead to
 * somewhere else. */
static void helper_set_path(const char *path, size_t length, const char *tail)
{
    struct print p;
    print_to_buffer(&p, helper.path, sizeof(helper.path));
    if (*path == '/' || *program_directory()) {
        if (*path != '/') {
            print_text(&p, program_directory());
            print_char(&p, '/');
        }
        print_bytes(&p, path, length);
        print_text(&p, tail);
    }
    print_end(&p);
}

/* The directory of libguard.so, with `tail` behind it. */
static bool try_beside(const char *library, const char *tail)
{
    size_t length = 0;
    for (size_t i = 0; library[i]; i++)
        if (library[i] == '/')
            length = i + 1;
    helper_set_path(library, length, tail);
    if (usable(helper.path))
        return true;
    helper.path[0] = 0;
    return false;
}

static bool belongs_to_helper(const char *variable)
{
    static const char *const dropped[] = {"LD_", "MMGUARD_", "GCONV_PATH=", "MALLOC_",
                                          "GLIBC_TUNABLES="};
    for (size_t i = 0; i < ARRAY_LENGTH(dropped); i++)
        if (!__builtin_strncmp(variable, dropped[i], text_length(dropped[i])))
            return false;
    return true;
}

static void copy_environment(const char *const *variables)
{
    size_t count = 0, bytes = 0;
    for (; variables[count]; count++)
        bytes += text_length(variables[count]) + 1;
    const char **copy = own_alloc((count + 1) * sizeof(*copy));
    char *text = own_alloc(bytes);
    if (!copy || !text)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!belongs_to_helper(variables[i]))
            continue;
        size_t length = text_length(variables[i]) + 1;
        copy_bytes(text, variables[i], length);
        copy[kept++] = text;
        text += length;
    }
    copy[kept] = NULL;
    helper.environment = copy;
}

void helper_init(const char *path)
{
    struct dl_find_object found;
    if (*path) {
        helper_set_path(path, text_length(path), "");
    } else if (!_dl_find_object((void *)helper_init, &found)) {
        const char *library = found.dlfo_link_map->l_name;
        if (!try_beside(library, "mmreport") && !try_beside(library, "../bin/mmreport"))
            try_beside(library, "../../bin/mmreport");
    }
    copy_environment(program_environment());
    helper.stack = own_map(2 * CHILD_STACK);
}

static void set_signal(int signal, void (*handler)(int))
{
    struct {
        void *handler;
        unsigned long flags;
        void *restorer;
        uint64_t mask;
    } action = {.handler = (void *)handler};
    sys_call4(SYS_rt_sigaction, signal, (long)&action, 0, 8);
}

static void child_main(struct child *child)
{
    for (int signal = 1; signal <= 64; signal++)
        set_signal(signal, SIG_DFL);
    /* Of a job in the background, which the terminal may stop for writing: the program waits. */
    set_signal(SIGTTOU, SIG_IGN);
    uint64_t none = 0;
    sys_sigmask(SIG_SETMASK, &none, NULL);
    /* A limit of file sizes is the program's; mmreport writes where the program's reports go. */
    struct rlimit no_limit = {RLIM_INFINITY, RLIM_INFINITY}, file_size;
    if (!sys_call4(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, (long)&file_size)) {
        no_limit.rlim_cur = no_limit.rlim_max = file_size.rlim_max;
        sys_call4(SYS_prlimit64, 0, RLIMIT_FSIZE, (long)&no_limit, 0);
    }
    /* Survives exec: a helper that hangs is killed by it. */
    struct itimerval limit = {.it_value = {.tv_sec = TIME_LIMIT}};
    sys_call3(SYS_setitimer, ITIMER_REAL, (long)&limit, 0);
    /* The descriptors may already stand where they are wanted, in either order. */
    int input = (int)sys_call3(SYS_fcntl, child->input, F_DUPFD_CLOEXEC, 3);
    int output = (int)sys_call3(SYS_fcntl, child->output, F_DUPFD_CLOEXEC, 3);
    if (input < 0 || output < 0 || sys_failed(sys_call3(SYS_dup3, input, 0, 0)) ||
        sys_failed(sys_call3(SYS_dup3, output, 1, 0)) ||
        sys_failed(sys_call3(SYS_dup3, output, 2, 0)))
        sys_exit_group(127);
    sys_call3(SYS_execve, (long)helper.path, (long)child->arguments, (long)helper.environment);
    sys_exit_group(127);
}

/* clone(2) with a stack of its own for the child, which never returns from `main`. */
static long clone_child(unsigned long flags, char *stack_top, void (*main)(struct child *),
                        struct child *child)
{
    long result;
    __asm__ volatile("mov %[child], %%r12\n\t"
                     "mov %[main], %%r13\n\t"
                     "xor %%edx, %%edx\n\t"
                     "xor %%r10d, %%r10d\n\t"
                     "xor %%r8d, %%r8d\n\t"
                     "syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xor %%ebp, %%ebp\n\t"
                     "mov %%r12, %%rdi\n\t"
                     "call *%%r13\n\t"
                     "hlt\n\t"
                     "1:"
                     : "=a"(result)
                     : "a"(SYS_clone), "D"(flags),
                       "S"(stack_top), [child] "r"(child), [main] "r"(main)
                     : "rcx", "r11", "rdx", "r8", "r10", "r12", "r13", "memory");
    return result;
}

static long wait_for(long pid, int *status)
{
    long waited;
    do
        waited = sys_call4(SYS_wait4, pid, (long)status, __WALL, 0);
    while (waited == -EINTR);
    return waited;
}

/* The first child: has the second one for a child, so that the program does not. */
static void between_main(struct child *child)
{
    set_signal(SIGCHLD, SIG_DFL); /* where it is ignored, no status is left to wait for */
    long pid = clone_child(CLONE_VM | CLONE_VFORK | SIGCHLD, helper.stack + CHILD_STACK, child_main,
                           child);
    long waited = sys_failed(pid) ? pid : wait_for(pid, &child->status);
    child->result = sys_failed(waited) ? (int)waited : 0;
    sys_exit_group(0);
}

int helper_run(const char *const *arguments, int input, int output)
{
    if (!helper.path[0] || !helper.environment || !helper.stack)
        return -ENOENT;
    struct child child = {
        .arguments = arguments, .input = input, .output = output, .result = -ECHILD};
    int unused;
    /* The parent is held until the child has ended, so the child may report through our memory. */
    long pid =
        clone_child(CLONE_VM | CLONE_VFORK, helper.stack + 2 * CHILD_STACK, between_main, &child);
    if (sys_failed(pid))
        return (int)pid;
    wait_for(pid, &unused);
    if (child.result)
        return child.result;
    if (!WIFEXITED(child.status))
        return -ECHILD;
    int status = WEXITSTATUS(child.status);
    return status == 0 || status == 2 ? 0 : status == HELPER_NOTHING ? status : -ECHILD;
}
