// SPDX-License-Identifier: MIT
// flags: -rdynamic
// Nothing is reported: the program uses what sanitizer/lsan_interface.h declares.
#include "wipe.h"
#include <sys/mman.h>

extern "C" {
void __lsan_disable() __attribute__((weak));
void __lsan_enable() __attribute__((weak));
void __lsan_ignore_object(const void *) __attribute__((weak));
void __lsan_register_root_region(const void *, size_t) __attribute__((weak));
void __lsan_unregister_root_region(const void *, size_t) __attribute__((weak));
const char *__lsan_default_suppressions()
{
    return "leak:nothing_of_this_name\n";
}
}
static void *volatile last;

static void lose()
{
    __lsan_disable();
    last = new int;
    __lsan_enable();
    last = new long;
    __lsan_ignore_object(last);
    void **page = (void **)mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    page[0] = new char[9];
    __lsan_register_root_region(page, 4096);
    mprotect(page, 4096, PROT_READ);
    last = nullptr;
}

int main()
{
    lose();
    wipe_stack();
    say("after");
}
