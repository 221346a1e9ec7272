/* SPDX-License-Identifier: MIT */
#include "stack/kept.h"

#include "base/own_memory.h"
#include "stack/depot.h"
#include "stack/rows.h"

#define FRAMES STACK_DEPTH_MAX

/* At most: rbp and the CFA for each frame, and two where the walk ended. */
#define WORDS (2 * FRAMES + 2)

/* What a frame's caller and the id depend on beside the step. */
struct kept_more {
    uintptr_t rbp; /* of this frame; matters only if it is needed */
    uint32_t id; /* of the stack from this frame outwards; 0: not found out yet */
    uint16_t words; /* of `kept->words`, that were read from this frame outwards */
    bool needs_rbp; /* the walk from here uses rbp before it is loaded again */
};

struct fresh_more {
    uintptr_t rbp;
    uint64_t row;
};

/* Frames are in the order of the stack, the outermost at the end of the arrays. */
struct kept {
    uint32_t generation; /* of rows */
    size_t first; /* the innermost frame */
    struct depot_step steps[FRAMES + 1]; /* and one that is above every stack */
    struct kept_more more[FRAMES];
    /* Beside return addresses; those of outer frames first. */
    struct probe_word_before words[WORDS];
    /* Of the capture under way, innermost first. */
    struct depot_step fresh[FRAMES];
    struct fresh_more fresh_more[FRAMES];
};

_Static_assert(sizeof(struct depot_step) == sizeof(struct probe_word_before) &&
                   offsetof(struct depot_step, cfa) == offsetof(struct probe_word_before, end) &&
                   offsetof(struct depot_step, pc) == offsetof(struct probe_word_before, value),
               "return addresses are compared as they are kept");

struct kept *kept_new(void)
{
    struct kept *kept = own_alloc(sizeof(*kept));
    if (!kept)
        return NULL;
    kept->first = FRAMES;
    kept->steps[FRAMES].cfa = UINTPTR_MAX;
    return kept;
}

static bool row_uses_rbp(uint64_t row)
{
    enum row_type type = row_type(row);
    return type == ROW_RBP || type == ROW_RBP_DEREF || type == ROW_GUESS;
}

/* Whether frame `at` of those kept is the walk's, and all behind it. If not, *at becomes the next
 * that could be. */
ALWAYS_INLINE bool joins(const struct kept *kept, const struct unwind_frame *frame, size_t *at)
{
    size_t place = *at;
    if (likely(kept->steps[place].pc != frame->pc))
        return false;
    const struct kept_more *more = &kept->more[place];
    if (unlikely(more->needs_rbp && more->rbp != frame->rbp))
        return false;
    size_t differs = probe_compare((const struct probe_word_before *)&kept->steps[place + 1],
                                   FRAMES - 1 - place);
    if (unlikely(differs)) {
        *at = place + differs + 1;
        return false;
    }
    return likely(!more->words) || !probe_compare(kept->words, more->words);
}

/* The id of the stack from frame `place` outwards: that of an inner one is known, and its node
 * knows its callers. */
static uint32_t id_at(struct kept *kept, size_t place)
{
    size_t known = place;
    while (!kept->more[known].id)
        known--;
    uint32_t id = kept->more[known].id;
    while (known < place) {
        id = depot_node(id)->parent;
        kept->more[++known].id = id;
    }
    return id;
}

static void add_word(struct kept *kept, size_t *words, uintptr_t at)
{
    struct probe_word_before *word = &kept->words[*words];
    word->end = at + 8;
    *words += probe_word(at, &word->value);
}

/* Where the frame's step found the caller's rbp; 0 if it is unchanged. */
static uintptr_t rbp_place(uint64_t row, uintptr_t rbp, uintptr_t next_cfa)
{
    uintptr_t saved = row & ROW_RBP_MAX;
    switch (row_type(row)) {
    case ROW_GUESS:
        return rbp;
    case ROW_RBP_DEREF:
        return saved ? rbp + (saved - ROW_RBP_ZERO) * 8 : 0;
    default:
        return saved ? next_cfa - saved * 8 : 0;
    }
}

/* Adds what the step from a frame has read beside the return address. */
static void add_step_words(struct kept *kept, size_t *words, const struct depot_step *step,
                           const struct fresh_more *more, uintptr_t next_cfa, bool next_needs_rbp)
{
    enum row_type type = row_type(more->row);
    uintptr_t offset = (uintptr_t)row_offset(more->row);
    if (type == ROW_RSP_DEREF)
        add_word(kept, words, step->cfa + offset);
    else if (type == ROW_RBP_DEREF)
        add_word(kept, words, more->rbp + offset);
    uintptr_t at = rbp_place(more->row, more->rbp, next_cfa);
    if (at && next_needs_rbp)
        add_word(kept, words, at);
}

/* Adds what made the walk end: the return address that is none. */
static void add_end_words(struct kept *kept, size_t *words, const struct depot_step *step,
                          const struct fresh_more *more)
{
    uintptr_t offset = (uintptr_t)row_offset(more->row);
    switch (row_type(more->row)) {
    case ROW_END:
        break;
    case ROW_RSP:
        add_word(kept, words, step->cfa + offset - 8);
        break;
    case ROW_PLT:
        add_word(kept, words, step->cfa);
        add_word(kept, words, step->cfa + 8);
        break;
    case ROW_RBP:
        add_word(kept, words, more->rbp + offset - 8);
        break;
    case ROW_RSP_DEREF:
        add_word(kept, words, step->cfa + offset);
        break;
    case ROW_RBP_DEREF:
        add_word(kept, words, more->rbp + offset);
        break;
    default: /* a guess, which looks no further where rbp is no frame's: see unwind.c */
        if (more->rbp >= step->cfa)
            add_word(kept, words, more->rbp + 8);
    }
}

/* Fills in more[] of the `count` fresh frames before frame `join`, where rows depend on more than
 * the code address. */
static NOINLINE void keep_details(struct kept *kept, size_t count, size_t join)
{
    bool needs_rbp = false;
    size_t words = 0;
    if (join < FRAMES) {
        needs_rbp = kept->more[join].needs_rbp;
        words = kept->more[join].words;
    }
    for (size_t i = count; i-- > 0;) {
        const struct fresh_more *fresh = &kept->fresh_more[i];
        size_t place = join - count + i;
        if (place == FRAMES - 1)
            add_end_words(kept, &words, &kept->fresh[i], fresh);
        else
            add_step_words(kept, &words, &kept->fresh[i], fresh, kept->steps[place + 1].cfa,
                           needs_rbp);
        needs_rbp =
            row_uses_rbp(fresh->row) || (needs_rbp && !rbp_place(fresh->row, fresh->rbp, 1 << 20));
        kept->more[place] = (struct kept_more){fresh->rbp, 0, (uint16_t)words, needs_rbp};
    }
}

/* The first `count` of fresh[] are now the innermost frames, and `join` is the next one. */
static uint32_t kept_keep(struct kept *kept, size_t count, size_t join, uint64_t hash, bool plain)
{
    uint32_t id =
        depot_put_steps(join < FRAMES ? id_at(kept, join) : 0, kept->fresh, count, false, hash);
    size_t first = join - count;
    kept->first = FRAMES; /* an id that is 0 must not be looked for */
    if (unlikely(!id))
        return 0;
    for (size_t i = 0; i < count; i++)
        kept->steps[first + i] = kept->fresh[i];
    if (likely(plain && (join == FRAMES || !kept->more[join].needs_rbp))) {
        uint16_t words = join < FRAMES ? kept->more[join].words : 0;
        for (size_t i = first; i < join; i++)
            kept->more[i] = (struct kept_more){.words = words};
    } else {
        keep_details(kept, count, join);
    }
    kept->more[first].id = id;
    kept->first = first;
    return id;
}

/* The first `count` of fresh[], then as many kept frames as the limit allows. */
static NOINLINE uint32_t cut(struct kept *kept, size_t count, size_t join, size_t depth,
                             uint64_t hash)
{
    while (count < depth) {
        hash = depot_hash(hash, kept->steps[join].pc);
        kept->fresh[count++] = kept->steps[join++];
    }
    return depot_put_steps(0, kept->fresh, depth, true, hash);
}

HOT uint32_t kept_capture(struct kept *kept, struct stack_start start, uintptr_t limit,
                          size_t depth)
{
    uint32_t generation = atomic_load_explicit(&row_generation, memory_order_acquire);
    if (unlikely(kept->generation != generation)) {
        kept->generation = generation;
        kept->first = FRAMES;
    }
    struct unwind_frame frame = {.pc = start.pc, .cfa = start.cfa, .rbp = start.rbp};
    size_t count = 0, at = kept->first;
    uint64_t hash = 0;
    bool plain = true;
    for (;;) {
        while (kept->steps[at].cfa < frame.cfa)
            at++;
        if (kept->steps[at].cfa == frame.cfa && joins(kept, &frame, &at))
            break;
        if (unlikely(count == depth))
            return depot_put_steps(0, kept->fresh, count, true, hash);
        uint64_t row = row_find(frame.pc - 1);
        kept->fresh[count] = (struct depot_step){frame.cfa, frame.pc};
        kept->fresh_more[count++] = (struct fresh_more){frame.rbp, row};
        hash = depot_hash(hash, frame.pc);
        plain &= row_type(row) == ROW_RSP;
        if (!row_step_by(&frame, limit, row)) {
            if (unlikely(row_cannot(row)))
                return KEPT_CANNOT;
            at = FRAMES;
            plain &= row_type(row) == ROW_END;
            break;
        }
        if (unlikely(frame.exact))
            return KEPT_CANNOT;
    }
    if (unlikely(count + (FRAMES - at) > depth))
        return cut(kept, count, at, depth, hash);
    return likely(!count) ? id_at(kept, at) : kept_keep(kept, count, at, hash, plain);
}
