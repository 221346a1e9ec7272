# SPDX-License-Identifier: MIT
# What only a hidden leak holds is hidden with it, in the words of Valgrind and of LeakSanitizer; what another one holds is not, although it was
# allocated at the same place.
cat >lists.c <<'EOF'
#include <stdlib.h>
#define N __attribute__((noinline))
struct node { struct node *next; char text[40]; };
static struct node *nodes[8], *heads[2];
N struct node *make_node(void) { return calloc(1, sizeof(struct node)); }
N struct node *first(void) { return malloc(100); }
N struct node *second(void) { return malloc(200); }
int main(void)
{
    for (int i = 0; i < 8; i++)
        nodes[i] = make_node();
    heads[0] = first();
    heads[1] = second();
    for (int i = 0; i < 8; i++)
        nodes[i]->next = i == 4 || i == 7 ? NULL : nodes[i + 1];
    heads[0]->next = nodes[0];
    heads[1]->next = nodes[5];
    for (int i = 0; i < 8; i++)
        nodes[i] = NULL;
    heads[0] = heads[1] = NULL;
    volatile char wipe[4096];
    for (int i = 0; i < 4096; i++)
        wipe[i] = 0;
    return 0;
}
EOF
$CC -O0 -g -w -o lists lists.c || exit 1
mmguard -q -o traces ./lists
printf '{\n  x\n  Memcheck:Leak\n  match-leak-kinds: definite\n  fun:malloc\n  fun:first\n  fun:main\n}\n' >valgrind.supp
echo leak:first >lsan.supp
echo leak:second >other.supp
printf 'leak:first\nleak:second\n' >both.supp
left() {
    echo "== $1"
    mmreport summary ${1:+--suppressions="$1.supp"} traces | grep -E 'lost|suppressed'
}
for list in "" valgrind lsan other both; do
    left $list
done
