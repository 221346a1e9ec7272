# SPDX-License-Identifier: MIT
# Tables that GLib and fontconfig make once count as suppressed, even lost, where they are made by these libraries; what the program makes or
# asks for is its own. The libraries are small ones with the names of functions and files that the rules go by.
mkdir source
cat >source/fontconfig.c <<'END'
#include <stdlib.h>
#define KEEP __attribute__((noinline))
static void *volatile lost;
KEEP void *FcInitLoadConfigAndFonts(void) { void *volatile made = malloc(100); return made; }
KEEP void FcInit(void) { lost = FcInitLoadConfigAndFonts(); lost = NULL; }
KEEP void *FcPatternCreate(void) { void *volatile made = malloc(30); return made; }
END
cat >source/glib.c <<'END'
#include <stdlib.h>
#define KEEP __attribute__((noinline))
static void *volatile lost;
static KEEP void grow(void) { lost = malloc(1000); lost = NULL; }
KEEP void g_quark_from_string(const char *text) { grow(); lost = NULL; }
KEEP void g_strdup(void) { lost = malloc(7); lost = NULL; }
END
cat >source/program.c <<'END'
#include <stddef.h>
#include <string.h>
void FcInit(void);
void *FcInitLoadConfigAndFonts(void);
void *FcPatternCreate(void);
void g_quark_from_string(const char *text);
void g_strdup(void);
static void *volatile lost;
static __attribute__((noinline)) void wipe(void) { volatile char dirt[8192]; for (int i = 0; i < 8192; i++) dirt[i] = 0; }
int main(int count, char **arguments)
{
    FcInit();
    g_quark_from_string("name");
    if (count > 1) {
        lost = FcInitLoadConfigAndFonts();
        lost = FcPatternCreate();
        lost = NULL;
        g_strdup();
    }
    wipe();
    return 0;
}
END
compile() {
    $CC -O0 -g -w -fno-builtin "$@" || exit 1
}
compile -shared -fPIC -o libfontconfig.so.1 source/fontconfig.c
compile -shared -fPIC -o libglib-2.0.so.0 source/glib.c
compile -shared -fPIC -o libtables.so source/fontconfig.c source/glib.c
compile -o program source/program.c ./libfontconfig.so.1 ./libglib-2.0.so.0
compile -o renamed source/program.c ./libtables.so
run() {
    echo "== $*"
    mmguard -o . "$@" 2>&1 | grep -E 'definitely|suppressed'
    echo "status ${PIPESTATUS[0]}"
}
run ./program
mmreport suppressions ./*.mmg | grep '^#'
run --builtin-suppressions=0 ./program
run ./program mine
run ./renamed
