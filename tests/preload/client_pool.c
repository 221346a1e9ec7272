// SPDX-License-Identifier: MIT
// Reported: one piece of 48 bytes of a pool, which nothing points to, though the pool itself has a stale pointer to it; and what only that piece
// holds. Not reported: the pool's block, pieces that are held or freed.
#include "mmguard.h"
#include "wipe.h"

static struct {
    char *next;
    void *kept;
} pool;

static char *take(size_t size)
{
    char *piece = pool.next;
    pool.next += size;
    mmguard_pool_alloc(piece, size);
    return piece;
}

static void use(void)
{
    pool.next = malloc(4096);
    void **kept = (void **)take(64), **lost = (void **)take(48), **freed = (void **)take(32), **stale = (void **)take(16);
    pool.kept = kept;
    kept[1] = malloc(100);
    lost[1] = malloc(200);
    freed[0] = lost;
    REQUIRE(mmguard_pool_free(freed) == 1);
    REQUIRE(mmguard_pool_free(freed) == 0);
    freed[0] = NULL;
    stale[0] = lost;
    REQUIRE(mmguard_pool_reset(stale, 16) == 1);
    stale[0] = NULL;
    char text[200];
    REQUIRE(mmguard_describe((char *)lost + 8, text, sizeof(text)) == MMGUARD_PIECE);
}

int main(void)
{
    use();
    wipe_stack();
    say("after");
    return 0;
}
