/* SPDX-License-Identifier: MIT */
#include "heap/policy.h"

#include <fcntl.h>

#include "base/data_limit.h"
#include "base/debug.h"
#include "base/notice.h"
#include "base/own_memory.h"
#include "base/print.h"
#include "base/sys.h"
#include "heap/guarded.h"
#include "mmtrace.h"
#include "stack/place.h"

#define SITES_LOG   20 /* counters; places that share one get a smaller share each */
#define FIRST       64 /* blocks of a place that are always guarded */
#define FIRST_FREED 16 /* frees of a pair of stacks that are always revoked at once */
#define PER_OCTAVE  8 /* then so many each time the count doubles */
#define FAIR_WINDOW 64

/* Of guard=auto: blocks that a process has guarded before it becomes choosy. Measured: they cost a
 * quarter of a second more than compact ones in most programs. Threads take them a share at a
 * time. */
#define AUTO_BLOCKS 150000
#define AUTO_SHARE  50

/* The budget is found out when guarding has cost so many pages: small programs never get there. */
#define ASK_PAGES 1024

/* Half of the memory there is may go into guarding, if there is so much; of less a smaller part,
 * since what the library, its tables and the compact heap need beside it does not shrink with the
 * memory: an eighth of 128 MiB, a sixteenth of 64. */
#define HALF_FROM ((uint64_t)512 << 20)

static struct {
    struct policy_options options;
    const struct page_backend *backend;
    uint32_t *allocated, *freed; /* by hash of the place, or of the pair of stacks; NULL without
                                  * memory */
    _Atomic uint64_t budget_pages; /* 0: not found out yet */
    _Atomic uint32_t auto_shares; /* taken; may exceed what there is */
} policy;

/* Pages that wait for a block count: were they to fill the budget, nothing more would be guarded.
 */
static void set_budget(uint64_t pages)
{
    guarded_limit_spares(pages / 4);
    atomic_store_explicit(&policy.budget_pages, pages, memory_order_relaxed);
}

void policy_init(const struct policy_options *options, const struct page_backend *backend)
{
    policy.options = *options;
    policy.backend = backend;
    policy.allocated = own_map(sizeof(uint32_t) << SITES_LOG);
    policy.freed = own_map(sizeof(uint32_t) << SITES_LOG);
    if (options->budget == POLICY_BUDGET_NONE)
        policy.budget_pages = UINT64_MAX / 2;
    else if (options->budget > 0)
        set_budget(max_size((size_t)options->budget >> PAGE_SHIFT, 1));
}

/* ---- the budget */

static uint64_t number_at(const char *text)
{
    uint64_t value = 0;
    while (*text == ' ' || *text == ':')
        text++;
    for (; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + (uint64_t)(*text - '0');
    return value;
}

static const char *find_text(const char *text, const char *what)
{
    size_t length = text_length(what);
    for (; *text; text++)
        if (!__builtin_strncmp(text, what, length))
            return text;
    return NULL;
}

static uint64_t available_memory(void)
{
    char text[2048];
    if (sys_read_file("/proc/meminfo", text, sizeof(text)) <= 0)
        return UINT64_MAX;
    const char *line = find_text(text, "MemAvailable");
    uint64_t kilobytes = line ? number_at(line + sizeof("MemAvailable") - 1) : 0;
    return kilobytes ? kilobytes << 10 : UINT64_MAX;
}

/* A limit of a control group; none if the file is not there or says "max". */
static uint64_t limit_in(const char *root, const char *group, size_t length, const char *file)
{
    char path[1024], text[64];
    struct print p;
    print_to_buffer(&p, path, sizeof(path));
    print_text(&p, root);
    print_bytes(&p, group, length);
    print_text(&p, file);
    print_end(&p);
    if (sys_read_file(path, text, sizeof(text)) <= 0 || text[0] < '0' || text[0] > '9')
        return UINT64_MAX;
    return number_at(text);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Of the group of the process and all above it: the smallest counts. */
static uint64_t limits_up(const char *root, const char *group, const char *file)
{
    size_t length = 0;
    while (group[length] && group[length] != '\n')
        length++;
    uint64_t limit = UINT64_MAX;
    for (;;) {
        while (length && group[length - 1] == '/')
            length--;
        limit = smaller(limit, limit_in(root, group, length, file));
        if (!length)
            return limit;
        while (length && group[length - 1] != '/')
            length--;
    }
}

static uint64_t group_limit(void)
{
    char text[4096];
    if (sys_read_file("/proc/self/cgroup", text, sizeof(text)) <= 0)
        return UINT64_MAX;
    const char *old = find_text(text, ":memory:"), *unified = find_text(text, "0::");
    uint64_t limit = UINT64_MAX;
    if (old)
        limit = limits_up("/sys/fs/cgroup/memory", old + sizeof(":memory:") - 1,
                          "/memory.limit_in_bytes");
    if (unified) {
        limit = smaller(limit, limits_up("/sys/fs/cgroup", unified + 3, "/memory.max"));
        limit = smaller(limit, limits_up("/sys/fs/cgroup/unified", unified + 3, "/memory.max"));
    }
    return limit;
}

static NOINLINE uint64_t find_budget(void)
{
    uint64_t spent = guarded_pages() << PAGE_SHIFT, free_memory = available_memory();
    if (free_memory != UINT64_MAX)
        free_memory += spent;
    uint64_t bytes = smaller(free_memory, group_limit());
    uint64_t half = bytes < HALF_FROM ? bytes * bytes / HALF_FROM / 2 : bytes / 2;
    if (data_limit() != UINT64_MAX) {
        half = smaller(half, data_limit() / 4);
        bytes = smaller(bytes, data_limit());
    }
    uint64_t pages = bytes == UINT64_MAX ? UINT64_MAX / 2 : max_size(half >> PAGE_SHIFT, 1);
    set_budget(pages);
    DEBUG_LINE(DEBUG_HEAP, "budget", {"pages", pages}, {"spent", spent >> PAGE_SHIFT});
    return pages;
}

uint64_t policy_budget(void)
{
    uint64_t pages = atomic_load_explicit(&policy.budget_pages, memory_order_relaxed);
    return pages ? pages << PAGE_SHIFT : UINT64_MAX;
}

/* ---- the choice */

static uint32_t policy_slot_of(uint32_t a, uint32_t b)
{
    uint64_t hash = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15u;
    return (uint32_t)(hash >> (64 - SITES_LOG));
}

/* Counts one more; 2 if it is among the `first`, 1 if it is in the later share, 0 otherwise. */
static int draw(uint32_t *counters, uint32_t slot, uint32_t first)
{
    if (!counters)
        return 0;
    uint32_t count = __atomic_load_n(&counters[slot], __ATOMIC_RELAXED);
    if (likely(count != UINT32_MAX))
        __atomic_store_n(&counters[slot], count + 1, __ATOMIC_RELAXED);
    if (count < first)
        return 2;
    uint32_t step = (uint32_t)1 << (log2_floor(count) - log2_floor(PER_OCTAVE));
    return (count & (step - 1)) == 0;
}

static int draw_place(uint32_t stack)
{
    return draw(policy.allocated, policy_slot_of(place_of(stack), 0), FIRST);
}

/* What remains when guarding has become too expensive. The first blocks of a site are worth going
 * over the budget for, as far as that is bounded. */
static NOINLINE bool guard_under_pressure(uint32_t stack, uint64_t pages, uint64_t budget)
{
    notice_once(
        MMT_NOTE_DEGRADED,
        budget && pages >= budget
            ? "the memory for guard pages is used up (option budget); from here on the first "
              "blocks of each call site and a "
              "share of the later ones are guarded, the others go to the compact heap"
            : "the mappings for guard pages are running out (vm.max_map_count); from here on the "
              "first blocks of each call site "
              "and a share of the later ones are guarded, the others go to the compact heap");
    int drawn = draw_place(stack);
    if (!budget || pages < budget)
        return drawn != 0;
    return drawn == 2 ? pages < budget + budget / 2 : drawn == 1 && pages < budget + budget / 4;
}

/* A share for the thread, if one is left. A forked child goes on from what its parent had taken. */
static NOINLINE bool take_share(struct heap_local *local)
{
    enum { SHARES = AUTO_BLOCKS / AUTO_SHARE };
    if (atomic_load_explicit(&policy.auto_shares, memory_order_relaxed) >= SHARES ||
        atomic_fetch_add_explicit(&policy.auto_shares, 1, memory_order_relaxed) >= SHARES) {
        notice_once(MMT_NOTE_DEGRADED,
                    "the first 150,000 blocks were guarded (guard=auto); from here on the first "
                    "of each call site and a share of the later ones are, the others go to the "
                    "compact heap; guard=all guards each");
        return false;
    }
    local->share = AUTO_SHARE - 1;
    return true;
}

static bool guard_first(struct heap_local *local)
{
    if (unlikely(!local->share))
        return take_share(local);
    local->share--;
    return true;
}

HOT bool policy_guard(struct heap_local *local, uint32_t stack)
{
    uint64_t pages = guarded_pages(),
             budget = atomic_load_explicit(&policy.budget_pages, memory_order_relaxed);
    if (unlikely(!budget && pages >= ASK_PAGES))
        budget = find_budget();
    if (unlikely((budget && pages >= budget) ||
                 (policy.backend->crowded && policy.backend->crowded())))
        return guard_under_pressure(stack, pages, budget);
    if (likely(policy.options.guard == POLICY_ALL))
        return true;
    if (policy.options.guard > 0)
        return ++local->turn % (uint64_t)policy.options.guard == 0;
    if (policy.options.guard == POLICY_AUTO && guard_first(local))
        return true;
    return draw_place(stack) != 0;
}

uint32_t policy_window(void)
{
    return policy.options.revoke == POLICY_NOW    ? 0
           : policy.options.revoke == POLICY_FAIR ? FAIR_WINDOW
                                                  : (uint32_t)policy.options.revoke;
}

bool policy_revoke_now(uint32_t alloc_stack, uint32_t free_stack)
{
    return policy.options.revoke == POLICY_FAIR &&
           draw(policy.freed, policy_slot_of(alloc_stack, free_stack + 1), FIRST_FREED) != 0;
}
