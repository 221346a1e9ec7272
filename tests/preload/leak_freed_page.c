// SPDX-License-Identifier: MIT
// Reported: definite leak of the 20 bytes of a name, from make_person. The record that pointed to it was freed, and its page is that of the
// buffer now.
#include "wipe.h"

struct person {
    char *name;
    int age;
};

static struct person *make_person(void)
{
    struct person *person = malloc(sizeof(*person));
    person->name = malloc(20);
    person->name[0] = 'a';
    return person;
}

static char *volatile buffer;

int main(void)
{
    free(make_person());
    buffer = malloc(4096);
    buffer[0] = 'b';
    wipe_stack();
    say("after");
    return 0;
}
