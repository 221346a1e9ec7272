# SPDX-License-Identifier: MIT
# Python: imports with extension modules, its own allocator on top of malloc.
needs=$PYTHON
quick=1
run() {
    guarded "$PYTHON" -c 'import json,re,asyncio,decimal; print(sum(range(10**6)))'
}
