#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes one program with many small heap bugs, each beside its corrected twin, and a list of what must be reported of each.

    generate.py c|cc SOURCE LIST STEP      every STEP-th case

The program is run as `PROGRAM CASE bad|good`. A line of LIST is `CASE KIND[,KIND...]`: the kinds that may be reported of the bad twin,
one of which must be; `nothing` where the limits of the default mode are shown. Of the good twin nothing may be.
"""
import itertools
import sys

LANGUAGE = sys.argv[1]
CPP = LANGUAGE == "cc"

OVER_WRITE, OVER_READ = "heap-buffer-overflow-write", "heap-buffer-overflow-read"
UNDER_WRITE, UNDER_READ = "heap-buffer-underflow-write", "heap-buffer-underflow-read"
FREED_WRITE, FREED_READ = "use-after-free-write", "use-after-free-read"
LATE = "slack-damage"

TYPES = {"char": 1, "wchar_t": 4, "int": 4, "short": 2, "int64_t": 8, "double": 8, "struct two": 8, "struct wide": 24}

ALLOCATIONS = {
    "malloc": ("{t} *{v} = ({t} *)malloc({n} * sizeof({t}));", "free({v});"),
    "calloc": ("{t} *{v} = ({t} *)calloc({n}, sizeof({t}));", "free({v});"),
    "realloc": ("{t} *{v} = ({t} *)realloc(malloc(sizeof({t})), {n} * sizeof({t}));", "free({v});"),
    "shrunk": ("{t} *{v} = ({t} *)realloc(malloc(4 * ({n}) * sizeof({t}) + 64), {n} * sizeof({t}));", "free({v});"),
    "reallocarray": ("{t} *{v} = ({t} *)reallocarray(NULL, {n}, sizeof({t}));", "free({v});"),
    "aligned": ("{t} *{v} = ({t} *)aligned_alloc(64, {n} * sizeof({t}));", "free({v});"),
    "posix": ("void *m{v} = NULL; posix_memalign(&m{v}, 32, {n} * sizeof({t})); {t} *{v} = ({t} *)m{v};", "free({v});"),
}
if CPP:
    ALLOCATIONS = {
        "newarray": ("{t} *{v} = new {t}[{n}];", "delete[] {v};"),
        "nothrow": ("{t} *{v} = new (std::nothrow) {t}[{n}];", "delete[] {v};"),
        "unique": ("std::unique_ptr<{t}[]> p{v}(new {t}[{n}]); {t} *{v} = p{v}.get();", "p{v}.reset();"),
        "vector": ("std::vector<{t}> *p{v} = new std::vector<{t}>({n}); {t} *{v} = p{v}->data();", "delete p{v};"),
    }

cases = []


def case(name, kinds, bad, good):
    cases.append((name, kinds if isinstance(kinds, str) else ",".join(kinds), bad, good))


def block(how, kind, name, count, body):
    """The body between allocation and deallocation."""
    make, drop = ALLOCATIONS[how]
    values = {"t": kind, "v": name, "n": count}
    return make.format(**values) + " touch(" + name + ", " + str(count) + " * sizeof(" + kind + ")); " + body + " " + drop.format(**values)


def slack(size, how):
    """Bytes between a block's end and the guard page."""
    alignment = {"aligned": 64, "posix": 32}.get(how, 16)
    return -size % alignment


def inline_accesses():
    for how, (kind, width), count in itertools.product(ALLOCATIONS, TYPES.items(), (1, 3, 10, 16, 64)):
        if how in ("aligned", "posix", "reallocarray", "nothrow") and count not in (3, 16):
            continue
        size, gap = count * width, slack(count * width, how)
        name = f"{how}_{kind.replace(' ', '')}_{count}".replace("struct", "s_")
        exact = gap < width
        late = [OVER_WRITE] if exact else [LATE]
        case(f"index_write_{name}", late, block(how, kind, "p", count, f"store(&p[index({count})]);"),
             block(how, kind, "p", count, f"store(&p[index({count - 1})]);"))
        case(f"index_read_{name}", [OVER_READ] if exact else "nothing", block(how, kind, "p", count, f"load(&p[index({count})]);"),
             block(how, kind, "p", count, f"load(&p[index({count - 1})]);"))
        loop = "for (int i = index(0); i < {n}; i++) {f}(&p[i]);"
        case(f"loop_write_{name}", [OVER_WRITE], block(how, kind, "p", count, loop.format(n=2 * count + 64, f="store")),
             block(how, kind, "p", count, loop.format(n=count, f="store")))
        case(f"loop_read_{name}", [OVER_READ], block(how, kind, "p", count, loop.format(n=2 * count + 64, f="load")),
             block(how, kind, "p", count, loop.format(n=count, f="load")))
        before = "for (int i = index({n}); i >= {m}; i--) {f}(&p[i]);"
        case(f"under_write_{name}", [UNDER_WRITE, LATE], block(how, kind, "p", count, before.format(n=count - 1, m=-1, f="store")),
             block(how, kind, "p", count, before.format(n=count - 1, m=0, f="store")))
        case(f"far_under_read_{name}", [UNDER_READ, OVER_READ],
             block(how, kind, "p", count, "load((char *)p - 4096 - index(8));"),
             block(how, kind, "p", count, "load((char *)p + index(0));"))
        if how in ("unique", "vector"):
            continue
        make, drop = (x.format(t=kind, v="p", n=count) for x in ALLOCATIONS[how])
        for access, report in (("store", FREED_WRITE), ("load", FREED_READ)):
            case(f"freed_{access}_{name}", [report], f"{make} {drop} {access}(&p[index({count - 1})]);",
                 f"{make} touch(p, {size}); {access}(&p[index({count - 1})]); {drop}")


def library_calls():
    wide = {"strcpy": "wcscpy", "strncpy": "wcsncpy", "strcat": "wcscat", "strncat": "wcsncat", "strlen": "wcslen", "memcpy": "wmemcpy",
            "memmove": "wmemmove", "memset": "wmemset", "strdup": "wcsdup", "strcmp": "wcscmp", "strchr": "wcschr", "stpcpy": "wcpcpy",
            "memcmp": "wmemcmp", "memchr": "wmemchr", "snprintf": "swprintf", "stpncpy": "wcpncpy", "strncmp": "wcsncmp", "strnlen": "wcsnlen",
            "mempcpy": "wmempcpy", "strrchr": "wcsrchr", "strstr": "wcsstr", "strspn": "wcsspn", "strcspn": "wcscspn", "strpbrk": "wcspbrk"}
    # Calls on a block `p` of `n` characters; `m` is n, or one more in the bad twin, `s` a text of m - 1 characters elsewhere,
    # `big` an array elsewhere with room.
    writes = {
        "memcpy": "memcpy(p, big, m);", "memmove": "memmove(p, big, m);", "memset": "memset(p, 'x', m);",
        "mempcpy": "mempcpy(p, big, m);", "strcpy": "strcpy(p, s);", "stpcpy": "stpcpy(p, s);", "strncpy": "strncpy(p, s, m);",
        "stpncpy": "stpncpy(p, s, m);", "strcat": "p[0] = 0; strcat(p, s);", "strncat": "p[0] = 0; strncat(p, s, m + 5);",
        "snprintf": "snprintf(p, m, FORMAT, s);",
    }
    reads = {
        "memcpy": "memcpy(big, p, m);", "memmove": "memmove(big, p, m);", "mempcpy": "mempcpy(big, p, m);",
        "memcmp": "memcpy(big, p, n); use(memcmp(p, big, m));", "memchr": "use(memchr(p, 'q', m) != 0);",
    }
    # Texts that fill the block to the last character; the good twin ends one before.
    texts = {
        "strlen": "use(strlen(p));", "strcpy": "strcpy(big, p);", "strcat": "big[0] = 0; strcat(big, p);",
        "strdup": "free(strdup(p));", "strcmp": "strcpy(big, s); big[n - 1] = 'x'; big[n] = 0; use(strcmp(p, big));",
        "strncmp": "strcpy(big, s); big[n - 1] = 'x'; big[n] = 0; use(strncmp(p, big, n + 20));",
        "strchr": "use(strchr(p, 'q') != 0);", "strncpy": "strncpy(big, p, n + 7);", "strncat": "big[0] = 0; strncat(big, p, n + 7);",
        "stpcpy": "stpcpy(big, p);", "strnlen": "use(strnlen(p, n + 1));", "strrchr": "use(strrchr(p, 'q') != 0);",
        "strstr": "use(strstr(p, Q) != 0);", "strspn": "use(strspn(p, X));", "strcspn": "use(strcspn(p, Q));",
        "strpbrk": "use(strpbrk(p, Q) != 0);",
    }

    def translate(code, character):
        if character == "char":
            return code.replace("FORMAT", '"%s"').replace("Q", '"q"').replace("X", '"x"')
        for narrow, broad in sorted(wide.items(), key=lambda item: -len(item[0])):
            code = code.replace(" " + narrow + "(", " " + broad + "(").replace("(" + narrow + "(", "(" + broad + "(")
            if code.startswith(narrow + "("):
                code = broad + code[len(narrow):]
        return code.replace("FORMAT", 'L"%ls"').replace("Q", 'L"q"').replace("X", 'L"x"').replace("'x'", "L'x'").replace("'q'", "L'q'")

    def around(how, character, count, limit, body):
        prefix = f"const int n = {count}, m = n + {limit}; static {character} big[8192], s[8192]; (void)m; fill(s, m - 1); "
        return prefix + block(how, character, "p", count, "fill(p, n - 1); " + body)

    hows = ("newarray",) if CPP else ("malloc", "calloc", "realloc", "aligned")
    for how, character, count in itertools.product(hows, ("char", "wchar_t"), (2, 5, 10, 16, 50, 64, 1000)):
        name = f"{how}_{character}_{count}"
        for call, code in writes.items():
            code = translate(code, character)
            case(f"call_write_{call}_{name}", [OVER_WRITE], around(how, character, count, 1, code), around(how, character, count, 0, code))
        for call, code in reads.items():
            code = translate(code, character)
            case(f"call_read_{call}_{name}", [OVER_READ], around(how, character, count, 1, code), around(how, character, count, 0, code))
        for call, code in texts.items():
            code = translate(code, character)
            case(f"call_text_{call}_{name}", [OVER_READ], around(how, character, count, 0, "p[n - 1] = 'x'; " + code),
                 around(how, character, count, 0, code))
        for call, code, kind in (("memcpy", "memcpy(p - {d}, big, n);", UNDER_WRITE), ("memcpy_from", "memcpy(big, p - {d}, n);", UNDER_READ),
                                 ("memset", "memset(p - {d}, 'x', n);", UNDER_WRITE), ("memmove", "memmove(p - {d}, big, n);", UNDER_WRITE),
                                 ("strncpy", "strncpy(p - {d}, s, n);", UNDER_WRITE)):
            case(f"call_under_{call}_{name}", [kind], around(how, character, count, 0, translate(code.format(d="index(1)"), character)),
                 around(how, character, count, 0, translate(code.format(d="index(0)"), character)))
        make, drop = (x.format(t=character, v="p", n=count) for x in ALLOCATIONS[how])
        for call, code, kind in (("memcpy", "memcpy(p, big, 1);", FREED_WRITE), ("memcpy_from", "memcpy(big, p, 1);", FREED_READ),
                                 ("strlen", "use(strlen(p));", FREED_READ), ("strcpy", "strcpy(p, big);", FREED_WRITE),
                                 ("strcpy_from", "strcpy(big, p);", FREED_READ), ("snprintf", "snprintf(p, 2, FORMAT, s);", FREED_WRITE)):
            code = translate(code, character)
            start = f"static {character} big[8192], s[8192]; {make} fill(p, {count - 1}); "
            case(f"call_freed_{call}_{name}", [kind], start + drop + " " + code, start + code + " " + drop)
        case(f"call_negative_memcpy_{name}", [OVER_WRITE], around(how, character, count, 0, translate("memcpy(p, big, (size_t)-index(8));", character)),
             around(how, character, count, 0, translate("memcpy(p, big, index(1));", character)))
        if count > 2:
            case(f"call_overlap_memcpy_{name}", ["overlapping-copy"],
                 around(how, character, count, 0, translate("memcpy(p + 1, p, n - 1);", character)),
                 around(how, character, count, 0, translate("memmove(p + 1, p, n - 1);", character)))


def bytes_only():
    def around(count, body):
        return f"const int n = {count}; (void)n; char *p = (char *)malloc(n); memset(p, 'x', n); p[n - 1] = 0; {body} free(p);"

    for count in (3, 8, 16, 30, 100):
        name = str(count)
        # bad and good differ in the number that `LIMIT` is replaced by.
        for call, kind, code in (
                ("sprintf", OVER_WRITE, "char s[200]; memset(s, 'y', 200); s[LIMIT - 1] = 0; sprintf(p, \"%s\", s);"),
                ("bzero", OVER_WRITE, "bzero(p, LIMIT);"), ("bcopy", OVER_WRITE, "static char s[200]; bcopy(s, p, LIMIT);"),
                ("fgets", OVER_WRITE, "FILE *f = tmpfile(); for (int i = 0; i < 300; i++) putc('y', f); rewind(f); fgets(p, LIMIT, f); fclose(f);"),
                ("fread", OVER_WRITE, "FILE *f = fopen(\"/dev/zero\", \"r\"); fread(p, 1, LIMIT, f); fclose(f);"),
                ("fwrite", OVER_READ, "FILE *f = fopen(\"/dev/null\", \"w\"); fwrite(p, 1, LIMIT, f); fclose(f);"),
                ("read", OVER_WRITE, "int f = open(\"/dev/zero\", O_RDONLY); use(read(f, p, LIMIT)); close(f);"),
                ("write", OVER_READ, "int f = open(\"/dev/null\", O_WRONLY); use(write(f, p, LIMIT)); close(f);"),
                ("pread", OVER_WRITE, "int f = open(\"/proc/self/exe\", O_RDONLY); use(pread(f, p, LIMIT, 0)); close(f);"),
                ("readv", OVER_WRITE, "int f = open(\"/dev/zero\", O_RDONLY); struct iovec v = {p, (size_t)LIMIT}; use(readv(f, &v, 1)); close(f);"),
                ("recv", OVER_WRITE, "int f[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, f); use(write(f[0], \"y\", 1)); use(recv(f[1], p, LIMIT, 0)); close(f[0]); close(f[1]);"),
                ("send", OVER_READ, "int f[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, f); use(send(f[1], p, LIMIT, 0)); close(f[0]); close(f[1]);"),
                ("qsort", OVER_WRITE, "qsort(p, LIMIT, 1, compare_bytes);"),
                ("bsearch", OVER_READ, "char k = 'x'; use(bsearch(&k, p, LIMIT, 1, compare_bytes) != 0);"),
                ("readlink", OVER_WRITE, "use(readlink(\"/proc/self/exe\", p, LIMIT));"),
                ("memccpy", OVER_WRITE, "static char s[200]; memccpy(p, s, 'q', LIMIT);"),
                ("memrchr", OVER_READ, "use(memrchr(p, 'q', LIMIT) != 0);"),
                ("memmem", OVER_READ, "use(memmem(p, LIMIT, \"qq\", 2) != 0);"),
                ("strndup", OVER_READ, "p[n - 1] = 'x'; free(strndup(p, LIMIT));"),
        ):
            case(f"call_{call}_{name}", [kind], around(count, code.replace("LIMIT", f"({count} + 1)")), around(count, code.replace("LIMIT", f"({count} + 0)")))
        case(f"call_puts_{name}", [OVER_READ], around(count, "p[n - 1] = 'x'; puts(p);"), around(count, "puts(p);"))
        case(f"call_printf_{name}", [OVER_READ], around(count, "p[n - 1] = 'x'; printf(\"%s\\n\", p);"), around(count, "printf(\"%s\\n\", p);"))
        if count == 3:
            case("call_realpath", [OVER_WRITE], around(count, "realpath(\"/proc/self/exe\", p);"),
                 "char *p = (char *)malloc(4096); realpath(\"/proc/self/exe\", p); use(p[0]); free(p);")


def freeing():
    make, drop = ("int *p = new int[10];", "delete[] p;") if CPP else ("int *p = (int *)malloc(40);", "free(p);")
    case("double_free", ["double-free"], f"{make} {drop} {drop}", f"{make} {drop}")
    case("double_free_apart", ["double-free"], f"{make} {drop} for (int i = 0; i < 1000; i++) free(malloc(i)); {drop}", f"{make} {drop} for (int i = 0; i < 1000; i++) free(malloc(i));")
    case("free_middle", ["invalid-free-interior"], f"{make} int *q = p; p += index(3); {drop} p = q; {drop}", f"{make} int *q = p; p += index(3); p = q; {drop}")
    case("free_end", ["invalid-free-interior"], f"{make} int *q = p; p += index(10); {drop} p = q; {drop}", f"{make} int *q = p; p += index(10); p = q; {drop}")
    case("free_before", ["invalid-free-interior"], f"{make} int *q = p; p -= index(2); {drop} p = q; {drop}", f"{make} int *q = p; p -= index(2); p = q; {drop}")
    case("free_stack", ["invalid-free"], f"int a[10]; int *p = a + index(0); {drop}", f"{make} {drop}")
    case("free_alloca", ["invalid-free"], f"int *p = (int *)alloca(400); {drop}", f"{make} {drop}")
    case("free_static", ["invalid-free"], f"static int a[10]; int *p = a + index(0); {drop}", f"{make} {drop}")
    case("free_text", ["invalid-free"], "char *p = (char *)\"text\"; free(p);", "char *p = strdup(\"text\"); free(p);")
    case("free_mapping", ["invalid-free"], f"int *p = (int *)mmap(0, 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); {drop}",
         "int *p = (int *)mmap(0, 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); munmap(p, 4096);")
    case("realloc_freed", ["realloc-after-free"], "char *p = (char *)malloc(10); free(p); p = (char *)realloc(p, 20); free(p);",
         "char *p = (char *)malloc(10); p = (char *)realloc(p, 20); free(p);")
    case("use_after_realloc", [FREED_READ], "char *p = (char *)malloc(10), *q = (char *)realloc(p, 5000); load(p); free(q);",
         "char *p = (char *)malloc(10), *q = (char *)realloc(p, 5000); touch(q, 5000); load(q); free(q);")
    case("negative_size", ["allocation-size-too-large"], "void *p = malloc((size_t)-index(5)); free(p);", "void *p = malloc(index(5)); free(p);")
    case("array_size", ["calloc-overflow"], "void *p = calloc((size_t)1 << 62, index(8)); free(p);", "void *p = calloc(8, index(8)); free(p);")
    case("leak", ["leak"], "void *volatile p = malloc(10); p = 0; wipe();", "void *volatile p = malloc(10); free(p); wipe();")
    if not CPP:
        return
    ways = {"malloc": ("(T *)malloc(sizeof(T))", "free(p)", 0), "new": ("new T", "delete p", 1), "array": ("new T[3]", "delete[] p", 2)}
    for (one, made), (other, dropped) in itertools.product(ways.items(), ways.items()):
        for kind in ("int", "char", "int64_t", "struct two", "struct wide"):
            if one != other:
                code = f"typedef {kind} T; T *p = {made[0]};"
                case(f"mismatch_{one}_{other}_{kind.replace(' ', '_')}", ["alloc-dealloc-mismatch"], f"{code} {dropped[1]};", f"{code} {ways[one][1]};")
    case("mismatch_strdup", ["alloc-dealloc-mismatch"], "char *p = strdup(\"text\"); delete[] p;", "char *p = strdup(\"text\"); free(p);")
    case("mismatch_sized", ["sized-delete-mismatch"], "void *p = ::operator new(8); ::operator delete(p, (size_t)12);", "void *p = ::operator new(8); ::operator delete(p, (size_t)8);")
    case("string_overflow", [OVER_WRITE, LATE], "std::string *t = new std::string(40, 'x'); store(&t->data()[0] + index(41)); store(&t->data()[0] + index(50)); delete t;",
         "std::string *t = new std::string(40, 'x'); store(&t->data()[0] + index(40)); delete t;")
    case("deleted_object", [FREED_READ], "struct two *p = new two(); delete p; load(&p->b);", "struct two *p = new two(); touch(p, 8); load(&p->b); delete p;")
    case("deleted_virtual", [FREED_READ], "derived *p = new derived(); base *b = p; delete b; load(&p->value);", "derived *p = new derived(); base *b = p; load(&p->value); delete b;")
    case("vector_iterator", [FREED_READ], "std::vector<int> v(4); int *q = &v[0]; v.resize(4000); load(q);", "std::vector<int> v(4); v.resize(4000); int *q = &v[0]; load(q);")
    case("list_erase", [FREED_READ], "std::list<int> l(3); auto i = l.begin(); int *q = &*i; l.erase(i); load(q);", "std::list<int> l(3); auto i = l.begin(); int *q = &*i; load(q); l.erase(i);")
    case("copy_algorithm", [OVER_WRITE], "int *p = new int[10]; std::vector<int> v(11); std::copy(v.begin(), v.end(), p); delete[] p;",
         "int *p = new int[11]; std::vector<int> v(11); std::copy(v.begin(), v.end(), p); delete[] p;")
    case("leak_new", ["leak"], "int *volatile p = new int[10]; p = 0; wipe();", "int *volatile p = new int[10]; delete[] p; wipe();")


inline_accesses()
library_calls()
bytes_only()
freeing()

cases = cases[:: int(sys.argv[4])]

HEAD = r"""// SPDX-License-Identifier: MIT
#include <alloca.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <wchar.h>
"""
HEAD += "#include <algorithm>\n#include <list>\n#include <memory>\n#include <new>\n#include <string>\n#include <vector>\n" if CPP else ""
HEAD += r"""
struct two { int a, b; };
struct wide { int64_t a, b, c; };
#define NOINLINE __attribute__((noinline))
static volatile long sink;
static int (*volatile hide)(int);
static int same(int value) { return value; }
#define index(value) hide(value)
NOINLINE static void use(long value) { sink += value; }
NOINLINE static void wipe(void) { volatile char dirt[8192]; for (unsigned i = 0; i < sizeof(dirt); i++) dirt[i] = 0; }
NOINLINE static void touch(volatile void *p, size_t size) { for (size_t i = 0; i < size; i++) ((volatile char *)p)[i] = 0; }
NOINLINE static int compare_bytes(const void *a, const void *b) { return *(const char *)a - *(const char *)b; }
"""
if CPP:
    HEAD += r"""
struct base { virtual ~base() {} };
struct derived : base { int value = 1; };
template <class T> NOINLINE static void store(T *p) { *(volatile char *)p = 'x'; ((volatile char *)p)[sizeof(T) - 1] = 'x'; }
template <class T> NOINLINE static void load(const T *p) { sink += *(const volatile char *)p; sink += ((const volatile char *)p)[sizeof(T) - 1]; }
template <class T> static void fill(T *p, int count) { for (int i = 0; i < count; i++) p[i] = 'x'; p[count] = 0; }
"""
else:
    HEAD += r"""
NOINLINE static void store_at(volatile char *p, size_t size) { p[0] = 'x'; p[size - 1] = 'x'; }
NOINLINE static void load_at(const volatile char *p, size_t size) { sink += p[0]; sink += p[size - 1]; }
#define store(p) store_at((volatile char *)(p), sizeof(*(p)))
#define load(p) load_at((const volatile char *)(p), sizeof(*(p)))
#define fill(p, count) do { for (int i_ = 0; i_ < (count); i_++) (p)[i_] = 'x'; (p)[count] = 0; } while (0)
"""

with open(sys.argv[2], "w", encoding="ascii") as out:
    out.write(HEAD)
    for number, (name, kinds, bad, good) in enumerate(cases):
        out.write(f"// {name}\nNOINLINE static void bad{number}(void) {{ {bad} }}\nNOINLINE static void good{number}(void) {{ {good} }}\n")
    out.write("static void (*const functions[][2])(void) = {\n")
    out.writelines(f"{{bad{number}, good{number}}},\n" for number in range(len(cases)))
    out.write(r"""};
static void *in_thread(void *function) { (*(void (**)(void))function)(); wipe(); return NULL; }
int main(int argc, char **argv)
{
    hide = same;
    unsigned number = (unsigned)atoi(argv[1]);
    void (*volatile function)(void) = functions[number][argv[2][0] == 'g'];
    if (number % 3 == 1) {
        pthread_t thread;
        pthread_create(&thread, NULL, in_thread, (void *)&function);
        pthread_join(thread, NULL);
    } else {
        function();
    }
    wipe();
    return 0;
}
""")
with open(sys.argv[3], "w", encoding="ascii") as out:
    out.writelines(f"{number} {name} {kinds}\n" for number, (name, kinds, bad, good) in enumerate(cases))
