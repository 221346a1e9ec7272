# SPDX-License-Identifier: MIT
# What a program itself says is no leak of it: told for it alone, bad lines passed over, no word on rules without a match.
cat >program.c <<'END'
#include <stdlib.h>
#ifdef KNOWN
const char *__lsan_default_suppressions(void) { return KNOWN; }
#endif
static void *volatile last;
static void keep_handle(void) { last = malloc(100); }
int main(void)
{
    keep_handle();
    last = malloc(1);
    free(last);
    last = NULL;
    return 0;
}
END
build() { # NAME FLAGS...
    gcc -g -w -O0 -fno-builtin -rdynamic -o "$@" program.c
}
build good '-DKNOWN="leak:keep_h\nleak:nobody\n"'
build bad '-DKNOWN="race:x\nleak:keep_h\nleak:\n"'
build none
mkdir traces.good traces.bad traces.none
for program in good bad none; do
    mmguard --leak-check=1 -o "traces.$program" "./$program" 2>&1 | grep -E 'lost|suppressed|passed over' | sed 's/-[0-9]*\.mmg/-PID.mmg/'
    echo "$program: status ${PIPESTATUS[0]}"
done
# libguard itself knows no names of functions: mmreport, which prints the report, tells it that nothing is left.
MMGUARD_OPTIONS=dir=. LD_PRELOAD=${SAMPLES%/tests/*}/libguard.so ./good 2>/dev/null
echo "without mmguard: status $?"
MMGUARD_OPTIONS=dir=.:report=none LD_PRELOAD=${SAMPLES%/tests/*}/libguard.so ./good 2>/dev/null
echo "without a report: status $?"
for set in good bad none "good traces.none"; do
    # shellcheck disable=SC2086
    mmreport summary traces.$set 2>&1 | grep -E 'definitely|suppressed|passed over' | sed 's/-[0-9]*\.mmg/-PID.mmg/'
done
mmreport merge -o all.mmg traces.good traces.none && mmreport gate all.mmg | head -1
echo 'leak:keep_handle' >list.txt
mmreport gate --suppressions=list.txt traces.good
echo "status $?"
