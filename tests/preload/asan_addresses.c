// SPDX-License-Identifier: MIT
// Not an error, but printed: what one address is. The other questions of the address sanitizer's interface have right answers.
#include "wipe.h"

extern void __asan_describe_address(const void *) __attribute__((weak));
extern int __asan_address_is_poisoned(const volatile void *) __attribute__((weak));
extern void *__asan_region_is_poisoned(void *, size_t) __attribute__((weak));
extern const char *__asan_locate_address(void *, char *, size_t, void **, size_t *) __attribute__((weak));
extern size_t __asan_get_alloc_stack(void *, void **, size_t, int *) __attribute__((weak));
extern size_t __asan_get_free_stack(void *, void **, size_t, int *) __attribute__((weak));
extern int __asan_report_present(void) __attribute__((weak));
extern int __sanitizer_get_ownership(const volatile void *) __attribute__((weak));
extern size_t __sanitizer_get_allocated_size(const volatile void *) __attribute__((weak));

int main(void)
{
    char *live = malloc(40), *freed = malloc(20), name[10] = "x";
    void *region, *stack[20];
    size_t size;
    int thread = -1;
    free(freed);
    __asan_describe_address(live + 7);
    REQUIRE(!__asan_address_is_poisoned(live) && !__asan_address_is_poisoned(live + 39) && __asan_address_is_poisoned(live + 40));
    REQUIRE(__asan_address_is_poisoned(live - 1) && __asan_address_is_poisoned(freed + 3) && !__asan_address_is_poisoned(name));
    REQUIRE(!__asan_region_is_poisoned(live, 40) && __asan_region_is_poisoned(live, 41) == live + 40);
    REQUIRE(__asan_region_is_poisoned(freed, 1) == freed && !__asan_region_is_poisoned(freed, 0) && !__asan_region_is_poisoned(name, 9));
    REQUIRE(!strcmp(__asan_locate_address(live + 1, name, sizeof(name), &region, &size), "heap") && region == live && size == 40);
    REQUIRE(__asan_get_alloc_stack(live, stack, 20, &thread) >= 1 && thread == 0);
    REQUIRE(__asan_get_free_stack(freed, stack, 20, &thread) >= 1 && __asan_get_free_stack(live, stack, 20, &thread) == 0);
    REQUIRE(!__asan_report_present() && __sanitizer_get_ownership(live) && !__sanitizer_get_ownership(live + 1));
    REQUIRE(__sanitizer_get_allocated_size(live) == 40);
    free(live);
    return 0;
}
