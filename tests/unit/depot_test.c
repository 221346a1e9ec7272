/* SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>

#include "stack/depot.h"
#include "stack/modules.h"
#include "unit.h"

SUITE("depot", NULL, NULL);

#define THREADS 8
#define STACKS  2000
#define DEPTH   12

/* Addresses that belong to no module. */
#define NOWHERE 0x10000000u

TEST(same_stack_same_id, "the same stack has the same id, and prefixes are shared")
{
    struct depot_frame a[] = {{NOWHERE + 1, 0}, {NOWHERE + 2, 0}, {NOWHERE + 3, 0}};
    struct depot_frame b[] = {{NOWHERE + 9, 0}, {NOWHERE + 2, 0}, {NOWHERE + 3, 0}};
    uint32_t id = depot_put(a, 3), before = depot_count();
    CU_ASSERT_NOT_EQUAL(id, 0);
    CU_ASSERT_EQUAL(depot_put(a, 3), id);
    CU_ASSERT_EQUAL(depot_count(), before);
    uint32_t other = depot_put(b, 3);
    CU_ASSERT_NOT_EQUAL(other, id);
    CU_ASSERT_EQUAL(depot_count(), before + 1);
    CU_ASSERT_EQUAL(depot_node(other)->parent, depot_node(id)->parent);
    CU_ASSERT_EQUAL(depot_put(a + 1, 2), depot_node(id)->parent);
    CU_ASSERT_EQUAL(depot_put(a, 0), 0);
}

TEST(frames_come_back, "frames come back as they were put in")
{
    struct depot_frame in[] = {
        {NOWHERE + 21, MMT_FRAME_EXACT}, {NOWHERE + 22, 0}, {NOWHERE + 23, MMT_FRAME_TRUNCATED}};
    struct mmt_frame out[4];
    uint32_t id = depot_put(in, 3);
    CU_ASSERT_EQUAL_FATAL(depot_get(id, out, 4), 3);
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(out[i].pc, in[i].pc);
        CU_ASSERT_EQUAL(out[i].module, in[i].flags);
    }
    CU_ASSERT_EQUAL(depot_get(id, out, 2), 2);
    CU_ASSERT_EQUAL(depot_get(0, out, 4), 0);
    CU_ASSERT_EQUAL(depot_get(UINT32_MAX, out, 4), 0);
    CU_ASSERT_PTR_NULL(depot_node(0));
    CU_ASSERT_PTR_NULL(depot_node(depot_count() + 1));
    in[0].flags = 0;
    CU_ASSERT_NOT_EQUAL(depot_put(in, 3), id);
}

TEST(nodes_know_their_module, "nodes know their module")
{
    struct depot_frame in = {(uintptr_t)&nodes_know_their_module + 4, 0};
    uint32_t id = depot_put(&in, 1);
    CU_ASSERT_NOT_EQUAL(depot_node(id)->module & MMT_FRAME_MODULE_MASK, 0);
    CU_ASSERT_EQUAL(depot_node(id)->module & MMT_FRAME_MODULE_MASK, modules_find(in.pc));
}

static uint32_t put_steps(uint32_t base, const struct depot_frame *frames, size_t count,
                          bool truncated)
{
    struct depot_step steps[8];
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) {
        steps[i] = (struct depot_step){64 * i, frames[i].pc};
        hash = depot_hash(hash, frames[i].pc);
    }
    return depot_put_steps(base, steps, count, truncated, hash);
}

TEST(steps_are_stacks, "steps of a walk are stacks")
{
    struct depot_frame in[] = {{NOWHERE + 41, 0}, {NOWHERE + 42, 0}, {NOWHERE + 43, 0}};
    for (int again = 0; again < 3; again++) {
        uint32_t id = put_steps(0, in, 3, false);
        CU_ASSERT_EQUAL(id, depot_put(in, 3));
        CU_ASSERT_EQUAL(put_steps(depot_put(in + 1, 2), in, 1, false), id);
        CU_ASSERT_EQUAL(put_steps(depot_put(in + 2, 1), in, 2, false), id);
        in[2].flags = MMT_FRAME_TRUNCATED;
        uint32_t cut = put_steps(0, in, 3, true);
        CU_ASSERT_NOT_EQUAL(cut, id);
        CU_ASSERT_EQUAL(cut, depot_put(in, 3));
        in[2].flags = 0;
    }
}

TEST(retired_modules_get_new_nodes, "nodes of a retired module are not handed out again")
{
    struct link_map *library = dlopen("libBrokenLocale.so.1", RTLD_NOW);
    CU_ASSERT_PTR_NOT_NULL_FATAL(library);
    struct depot_frame in[] = {{(uintptr_t)library->l_ld, 0}, {NOWHERE + 31, 0}};
    uint32_t module = modules_find(in[0].pc), id = depot_put(in, 2), outer = depot_node(id)->parent;
    CU_ASSERT_NOT_EQUAL_FATAL(module, 0);
    CU_ASSERT_EQUAL(put_steps(0, in, 2, false), id);
    depot_retire_module(module);
    uint32_t next = put_steps(0, in, 2, false);
    CU_ASSERT_NOT_EQUAL(next, id);
    CU_ASSERT_EQUAL(depot_node(next)->parent, outer);
    CU_ASSERT_EQUAL(depot_node(id)->pc, in[0].pc);
    CU_ASSERT_EQUAL(depot_put(in + 1, 1), outer);
    depot_retire_module(0);
    depot_retire_module(UINT32_MAX);
    CU_ASSERT_EQUAL(depot_put(in + 1, 1), outer);
    dlclose(library);
    modules_changed();
}

static size_t make_stack(struct depot_frame *frames, unsigned seed)
{
    size_t count = 1 + seed % DEPTH;
    for (size_t i = 0; i < count; i++)
        frames[i] = (struct depot_frame){2 * NOWHERE + seed / (1u << (count - 1 - i)) * 16 + i, 0};
    return count;
}

static pthread_barrier_t barrier;
static uint32_t ids[THREADS][STACKS];

static void *insert(void *argument)
{
    unsigned self = (unsigned)(uintptr_t)argument;
    struct depot_frame frames[DEPTH];
    pthread_barrier_wait(&barrier);
    for (unsigned i = 0; i < STACKS; i++) {
        unsigned seed = self & 1 ? STACKS - 1 - i : i;
        ids[self][seed] = depot_put(frames, make_stack(frames, seed));
    }
    return NULL;
}

TEST(threads_agree, "threads that insert the same stacks agree")
{
    pthread_t threads[THREADS];
    pthread_barrier_init(&barrier, NULL, THREADS);
    for (uintptr_t i = 0; i < THREADS; i++)
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, insert, (void *)i), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&barrier);
    unsigned differences = 0;
    for (unsigned i = 0; i < STACKS; i++) {
        struct depot_frame in[DEPTH];
        struct mmt_frame out[DEPTH + 1];
        size_t count = make_stack(in, i);
        differences += depot_get(ids[0][i], out, DEPTH + 1) != count;
        for (size_t k = 0; k < count; k++)
            differences += out[k].pc != in[k].pc;
        for (int t = 1; t < THREADS; t++)
            differences += ids[t][i] != ids[0][i];
    }
    CU_ASSERT_EQUAL(differences, 0);
}

TEST(a_million_nodes, "a million nodes")
{
    enum { CHAINS = 1000, LENGTH = 100, LEAVES = 10 };
    uint32_t before = depot_count();
    unsigned wrong = 0;
    struct depot_frame frames[LENGTH];
    for (int pass = 0; pass < 2; pass++) {
        for (uintptr_t chain = 0; chain < CHAINS; chain++) {
            for (uintptr_t i = 0; i < LENGTH; i++)
                frames[i] = (struct depot_frame){4 * (uintptr_t)NOWHERE + chain * 4096 + i, 0};
            for (uintptr_t leaf = 0; leaf < LEAVES * LENGTH; leaf++) {
                size_t from = leaf % (LENGTH - 1);
                uintptr_t kept = frames[from].pc;
                frames[from].pc = 8 * (uintptr_t)NOWHERE + leaf;
                uint32_t id = depot_put(frames + from, LENGTH - from > 2 ? 2 : LENGTH - from);
                wrong += id == 0 || depot_node(id)->pc != frames[from].pc;
                frames[from].pc = kept;
            }
            wrong += depot_put(frames, LENGTH) == 0;
        }
        if (pass == 0) {
            wrong += depot_count() - before < 1000000;
            before = depot_count();
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(depot_count(), before);
}

TEST(parents_come_first, "a parent's id is less than its child's")
{
    unsigned wrong = 0;
    for (uint32_t id = 1; id <= depot_count(); id++)
        wrong += depot_node(id) == NULL || depot_node(id)->parent >= id;
    CU_ASSERT_EQUAL(wrong, 0);
}
