/* SPDX-License-Identifier: MIT */
#include "sym/debuginfod.h"

#include "util/progress.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct debuginfod_client *debuginfod_begin_function(void);
typedef int debuginfod_find_function(struct debuginfod_client *client,
                                     const unsigned char *build_id, int size, char **path);
typedef int debuginfod_watch(struct debuginfod_client *client, long done, long all);
typedef void debuginfod_watch_function(struct debuginfod_client *client, debuginfod_watch *watch);

static struct {
    struct debuginfod_client *client; /* kept: it keeps the connections */
    debuginfod_find_function *find;
    int trouble; /* the error that was told last: most modules have the same */
} debuginfod;

/* The numbers are bytes once the size is known, servers before. */
static int debuginfod_progress(struct debuginfod_client *client, long done, long all)
{
    (void)client;
    if (done >= 0 && all > 1024)
        progress_show("fetching debug files, kB", (size_t)done / 1024, (size_t)all / 1024);
    return 0;
}

bool debuginfod_start(struct failure *failure)
{
    const char *urls = getenv("DEBUGINFOD_URLS");
    if (urls == NULL || urls[strspn(urls, " ")] == '\0')
        return failure_set(failure, "no server is named: set DEBUGINFOD_URLS");
    if (debuginfod.client != NULL)
        return true;
    void *library = dlopen("libdebuginfod.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        return failure_set(failure, "%s; it is in elfutils' libdebuginfod (Debian: libdebuginfod1)",
                           dlerror());
    }
    debuginfod_begin_function *begin =
        (debuginfod_begin_function *)dlsym(library, "debuginfod_begin");
    debuginfod_watch_function *watch =
        (debuginfod_watch_function *)dlsym(library, "debuginfod_set_progressfn");
    debuginfod.find = (debuginfod_find_function *)dlsym(library, "debuginfod_find_debuginfo");
    debuginfod.client = begin != NULL && debuginfod.find != NULL ? begin() : NULL;
    if (debuginfod.client == NULL)
        return failure_set(failure, "libdebuginfod.so.1 cannot be used");
    if (watch != NULL)
        watch(debuginfod.client, debuginfod_progress);
    return true;
}

bool debuginfod_fetch(const struct module *module)
{
    char *path = NULL;
    if (debuginfod.client == NULL || module->build_id_size == 0)
        return false;
    int descriptor =
        debuginfod.find(debuginfod.client, module->build_id, (int)module->build_id_size, &path);
    progress_end();
    free(path);
    if (descriptor >= 0) {
        close(descriptor);
        return true;
    }
    if (descriptor != -ENOENT && descriptor != debuginfod.trouble) {
        debuginfod.trouble = descriptor;
        failure_warn("%s: debuginfod: %s", module->path, strerror(-descriptor));
    }
    return false;
}
