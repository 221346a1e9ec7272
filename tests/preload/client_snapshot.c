// SPDX-License-Identifier: MIT
// Nothing is reported; two snapshots are written into the working directory, each complete, and nothing else.
#include "mmguard.h"
#include "wipe.h"
#include <dirent.h>
#include <stdio.h>

int main(void)
{
    char name[200];
    struct stat;
    void *kept = malloc(100);
    for (int i = 1; i <= 2; i++) {
        REQUIRE(mmguard_snapshot(i == 1 ? "before" : NULL) == 1);
        snprintf(name, sizeof(name), "mmguard-client_snapshot-%d-snapshot-%d.mmg", getpid(), i);
        REQUIRE(access(name, R_OK) == 0);
    }
    free(kept);
    int files = 0;
    DIR *here = opendir(".");
    for (struct dirent *entry; (entry = readdir(here));)
        files += strstr(entry->d_name, ".mmg") != NULL;
    closedir(here);
    REQUIRE(files == 2);
    return 0;
}
