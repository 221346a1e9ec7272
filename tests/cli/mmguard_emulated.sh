# SPDX-License-Identifier: MIT
# Under qemu's emulation of a process little is reserved, since that costs the host, and errors are found.
command -v qemu-x86_64 >/dev/null || {
    echo "no qemu-x86_64 here" >&2
    exit 77
}
cat >late.c <<'END'
#include <stdlib.h>
int main(void)
{
    volatile char *block = malloc(16);
    free((void *)block);
    block[0] = 1;
    return 0;
}
END
$CC -g -w -o late late.c
timeout 300 python3 - "$BUILD/libguard.so" <<'END' 2>&1 | grep -E 'use-after-free|resident|status'
import resource, subprocess, sys
done = subprocess.run(["qemu-x86_64", "-E", "LD_PRELOAD=" + sys.argv[1], "./late"])
print("status", done.returncode, flush=True)
print("resident below 1 GB" if resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1 << 20 else "resident too much")
END
