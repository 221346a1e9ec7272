/* SPDX-License-Identifier: MIT */
#include <gnu/libc-version.h>

#include "stack/depot.h"
#include "stack/place.h"
#include "unit.h"

SUITE("place", NULL, NULL);

#define NOWHERE 0x60000000u /* addresses that belong to no module */

/* A frame in libc, by a function that no sanitizer puts another in place of. */
#define IN_LIBC ((uintptr_t)&gnu_get_libc_version + 4)

static uint32_t place(uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d)
{
    struct depot_frame frames[] = {{a, 0}, {b, 0}, {c, 0}, {d, 0}};
    return place_of(depot_put(frames, 4));
}

TEST(innermost, "stacks with the same three innermost frames are of one place")
{
    uint32_t first = place(NOWHERE + 1, NOWHERE + 2, NOWHERE + 3, NOWHERE + 4);
    CU_ASSERT_NOT_EQUAL(first, 0);
    CU_ASSERT_EQUAL(place(NOWHERE + 1, NOWHERE + 2, NOWHERE + 3, NOWHERE + 5), first);
    CU_ASSERT_EQUAL(place(NOWHERE + 1, NOWHERE + 2, NOWHERE + 3, NOWHERE + 4), first);
    CU_ASSERT_NOT_EQUAL(place(NOWHERE + 1, NOWHERE + 2, NOWHERE + 6, NOWHERE + 4), first);
    CU_ASSERT_NOT_EQUAL(place(NOWHERE + 6, NOWHERE + 2, NOWHERE + 3, NOWHERE + 4), first);
}

TEST(libraries, "frames in the C library do not count")
{
    uint32_t first = place(NOWHERE + 1, NOWHERE + 2, NOWHERE + 3, NOWHERE + 4);
    CU_ASSERT_EQUAL(place(IN_LIBC, NOWHERE + 1, NOWHERE + 2, NOWHERE + 3), first);
    CU_ASSERT_EQUAL(place(NOWHERE + 1, IN_LIBC, NOWHERE + 2, NOWHERE + 3), first);
    uint32_t none = place(IN_LIBC, IN_LIBC + 1, IN_LIBC + 2, IN_LIBC + 3);
    CU_ASSERT_NOT_EQUAL(none, 0);
    CU_ASSERT_NOT_EQUAL(place(IN_LIBC, IN_LIBC + 1, IN_LIBC + 2, IN_LIBC + 4), none);
}

TEST(unknown, "stacks that are not in the depot are places of their own")
{
    CU_ASSERT_NOT_EQUAL(place_of(0), 0);
    CU_ASSERT_NOT_EQUAL(place_of(UINT32_MAX), place_of(UINT32_MAX - 1));
}
