# SPDX-License-Identifier: MIT
# tests/fuzz/mutate.c, which stands for a fuzzer where there is none, changes inputs of every size without an error of its own.
source=$(dirname "$(dirname "$(readlink -f "$0")")")/fuzz/mutate.c
cat >target.c <<'EOF'
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return size != 0 && data[size - 1] == 0; }
EOF
echo 'int main(void) { return 0; }' >probe.c
$CC -fsanitize=address,undefined -o probe probe.c 2>/dev/null && ./probe 2>/dev/null || { echo "no AddressSanitizer" >&2; exit 77; }
$CC -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -o mutate "$source" target.c || exit 1
for size in 1 2 7 8 33 4096; do
    head -c $size "$source" >input.$size
done
: >input.0
FUZZ_RUNS=140000 ./mutate input.*
