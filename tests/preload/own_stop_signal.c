// SPDX-License-Identifier: MIT
// Nothing is reported: the program uses SIGRTMAX-1, which stops threads for the leak check, itself: with a handler, with a value, and waiting for it.
#include "wipe.h"
#include <signal.h>

static volatile int seen;

static void handler(int number, siginfo_t *info, void *context)
{
    (void)context;
    seen = number == SIGRTMAX - 1 ? 1 + info->si_value.sival_int : -1;
}

int main(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO};
    action.sa_sigaction = handler;
    sigaction(SIGRTMAX - 1, &action, NULL);
    raise(SIGRTMAX - 1);
    say(seen > 0 ? "handled" : "lost");
    sigqueue(getpid(), SIGRTMAX - 1, (union sigval){.sival_int = 41});
    say(seen == 42 ? "value" : "no value");
    sigset_t set;
    int number = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMAX - 1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGRTMAX - 1);
    alarm(10);
    sigwait(&set, &number);
    say(number == SIGRTMAX - 1 ? "waited for" : "not waited for");
    return 0;
}
