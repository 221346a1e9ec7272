/* SPDX-License-Identifier: MIT */
#include "sym/symcache.h"

#include "sym/symwire.h"
#include "util/cursor.h"
#include "util/lowbound.h"
#include "util/version.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYMCACHE_MAGIC   "mmnames3"
#define SYMCACHE_LARGEST (UINT64_C(256) << 20)
#define SYMCACHE_FILES   8

struct symcache_head {
    char magic[8];
    uint64_t digest; /* of all that follows */
};

static const char *symcache_reader(const struct symsearch *search)
{
    return search->backend != NULL ? search->backend : "libdw";
}

/* The folder, made if need be; -1 if it cannot be trusted. */
static int symcache_folder(const struct symsearch *search, bool make)
{
    struct stat status;
    if (search->cache == NULL || geteuid() != getuid())
        return -1;
    if (make && mkdir(search->cache, 0700) != 0 && errno == ENOENT) {
        char *parent = xalloc_format("%.*s", (int)(strrchr(search->cache, '/') - search->cache),
                                     search->cache);
        mkdir(parent, 0700);
        free(parent);
        mkdir(search->cache, 0700);
    }
    int folder = open(search->cache, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder >= 0 && (fstat(folder, &status) != 0 || status.st_uid != geteuid() ||
                        (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)) {
        close(folder);
        folder = -1;
    }
    return folder;
}

static char *symcache_name(const struct symsearch *search, const struct module *module)
{
    char digits[2 * sizeof module->build_id + 1] = "";
    for (uint32_t i = 0; i < module->build_id_size; i++)
        snprintf(digits + 2 * (size_t)i, 3, "%02x", module->build_id[i]);
    return xalloc_format("%s.%s", digits, symcache_reader(search));
}

/* Reads the whole entry, which must be the user's own regular file. */
static uint8_t *symcache_read(int folder, const char *name, uint64_t *size)
{
    struct stat status;
    int descriptor = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    uint8_t *data = NULL;
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
        (status.st_mode & (S_IWGRP | S_IWOTH)) == 0 &&
        (uint64_t)status.st_size <= SYMCACHE_LARGEST) {
        *size = (uint64_t)status.st_size;
        data = xalloc(*size + 1);
        if (pread(descriptor, data, *size, 0) != (ssize_t)*size) {
            free(data);
            data = NULL;
        }
    }
    close(descriptor);
    return data;
}

static uint64_t symcache_mtime(const struct stat *status)
{
    return (uint64_t)status->st_mtim.tv_sec * 1000000000u + (uint64_t)status->st_mtim.tv_nsec;
}

/* Says whether the files an entry was made from are still the same. */
static bool symcache_fresh(const struct sym_answer *answer)
{
    for (size_t i = 0; i < answer->files.count; i++) {
        const struct sym_file *file = &answer->files.items[i];
        struct stat status;
        if (stat(file->path, &status) != 0 || (uint64_t)status.st_size != file->size ||
            symcache_mtime(&status) != file->mtime)
            return false;
    }
    return answer->files.count != 0;
}

static bool symcache_parse(struct symcache *cache, const uint8_t *data, uint64_t size)
{
    struct failure failure = {0};
    struct cursor cursor = {.file = "cache", .data = data, .size = size, .failure = &failure};
    struct symcache_head head;
    char version[sizeof MMGUARD_VERSION];
    uint64_t count = 0;
    const uint8_t *addresses = NULL;
    bool good = cursor_read(&cursor, &head, sizeof head, "head") &&
                memcmp(head.magic, SYMCACHE_MAGIC, sizeof head.magic) == 0 &&
                head.digest == idmap_mix_bytes(1, data + sizeof head, size - sizeof head) &&
                cursor_read(&cursor, version, sizeof version, "version") &&
                memcmp(version, MMGUARD_VERSION, sizeof version) == 0 &&
                cursor_read(&cursor, &count, sizeof count, "count") &&
                cursor_array(&cursor, count, sizeof(uint64_t), &addresses, "addresses");
    failure_free(&failure);
    if (!good || count == 0)
        return false;
    sym_answer_free(&cache->answer);
    sym_answer_init(&cache->answer, count);
    cache->addresses.items = xalloc_resize(NULL, count, sizeof(uint64_t));
    cache->addresses.count = cache->addresses.capacity = count;
    memcpy(cache->addresses.items, addresses, count * sizeof(uint64_t));
    for (uint64_t i = 1; i < count; i++)
        if (cache->addresses.items[i] <= cache->addresses.items[i - 1])
            return false;
    return symwire_read((const char *)data + cursor.position, size - cursor.position,
                        &cache->answer) &&
           symcache_fresh(&cache->answer);
}

void symcache_load(struct symcache *cache, const struct symsearch *search,
                   const struct module *module)
{
    uint64_t size = 0;
    memset(cache, 0, sizeof *cache);
    sym_answer_init(&cache->answer, 0);
    int folder = module->build_id_size != 0 ? symcache_folder(search, false) : -1;
    if (folder < 0)
        return;
    char *name = symcache_name(search, module);
    uint8_t *data = symcache_read(folder, name, &size);
    if (data != NULL && !symcache_parse(cache, data, size))
        VEC_FREE(&cache->addresses);
    cache->answer.held = (char *)data;
    free(name);
    close(folder);
}

const struct sym_chain *symcache_find(const struct symcache *cache, uint64_t address)
{
    size_t low = lowbound(cache->addresses.items, cache->addresses.count,
                          sizeof *cache->addresses.items, address);
    bool found = low < cache->addresses.count && cache->addresses.items[low] == address;
    return found ? &cache->answer.chains[low] : NULL;
}

static void symcache_copy(struct sym_answer *target, const struct sym_answer *source, size_t from)
{
    struct sym_chain *chain = &target->chains[target->count++];
    *chain = (struct sym_chain){(uint32_t)target->symbols.count, source->chains[from].count};
    for (uint32_t i = 0; i < chain->count; i++)
        *VEC_PUSH(&target->symbols) = source->symbols.items[source->chains[from].first + i];
}

/* Old and new answers as one, by address. Texts stay where they are. */
static void symcache_unite(const struct symcache *cache, const uint64_t *addresses,
                           const struct sym_answer *answer, struct sym_answer *all,
                           struct textbuf *out)
{
    size_t old = 0, new = 0, old_count = cache->addresses.count, new_count = answer->count;
    sym_answer_init(all, old_count + new_count);
    all->count = 0;
    while (old < old_count || new < new_count) {
        bool first =
            old < old_count && (new == new_count || cache->addresses.items[old] <= addresses[new]);
        uint64_t address = first ? cache->addresses.items[old] : addresses[new];
        textbuf_put_bytes(out, (const char *)&address, sizeof address);
        symcache_copy(all, first ? &cache->answer : answer, first ? old : new);
        while (old < old_count && cache->addresses.items[old] == address)
            old++;
        while (new < new_count && addresses[new] == address)
            new ++;
    }
    for (size_t i = 0; i < answer->files.count; i++)
        *VEC_PUSH(&all->files) = answer->files.items[i];
}

static void symcache_write(int folder, const char *name, const struct textbuf *body)
{
    struct symcache_head head = {0};
    memcpy(head.magic, SYMCACHE_MAGIC, sizeof head.magic);
    head.digest = idmap_mix_bytes(1, body->bytes.items, body->bytes.count);
    char *temporary = xalloc_format("%s.%d", name, (int)getpid());
    int descriptor =
        openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
        bool good =
            write(descriptor, &head, sizeof head) == (ssize_t)sizeof head &&
            write(descriptor, body->bytes.items, body->bytes.count) == (ssize_t)body->bytes.count;
        if (close(descriptor) != 0 || !good || renameat(folder, temporary, folder, name) != 0)
            unlinkat(folder, temporary, 0);
    }
    free(temporary);
}

void symcache_store(const struct symcache *cache, const struct symsearch *search,
                    const struct module *module, const uint64_t *addresses,
                    const struct sym_answer *answer)
{
    if (module->build_id_size == 0 || answer->files.count == 0 ||
        answer->files.count > SYMCACHE_FILES || answer->count == 0 || !symcache_fresh(answer))
        return;
    int folder = symcache_folder(search, true);
    if (folder < 0)
        return;
    struct sym_answer all;
    struct textbuf list = {0}, body = {0};
    char *name = symcache_name(search, module);
    symcache_unite(cache, addresses, answer, &all, &list);
    uint64_t count = all.count;
    textbuf_put_bytes(&body, MMGUARD_VERSION, sizeof MMGUARD_VERSION);
    textbuf_put_bytes(&body, (const char *)&count, sizeof count);
    textbuf_put_bytes(&body, textbuf_text(&list), list.bytes.count);
    symwire_write(&all, &body);
    if (body.bytes.count <= SYMCACHE_LARGEST)
        symcache_write(folder, name, &body);
    sym_answer_free(&all);
    textbuf_free(&list);
    textbuf_free(&body);
    free(name);
    close(folder);
}

void symcache_free(struct symcache *cache)
{
    VEC_FREE(&cache->addresses);
    sym_answer_free(&cache->answer);
}
