// SPDX-License-Identifier: MIT
// Each checked call, rightly and wrongly: prints where an error is reported that is none, or none is.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "mmguard.h"

// The last: the compiler knew of too little room as well.
enum kind { RIGHT, WRONG, WRONG_KNOWN };

// Arguments. In a wrong call texts have no end in their blocks, and blocks are smaller than what is to be written.
static char *from, *to;
static wchar_t *wfrom, *wto;
static const char *same; // as `from`, outside of the heap; in a wrong call it goes on
static const wchar_t *wsame;
static size_t n, room, large = 512, one = 1; // n: as many as are in `from`, or more
static FILE *file, *out;
static int fd, pair[2], listening;
static struct iovec vector, vector_out;
static struct sockaddr_storage address;
static socklen_t length;
static mbstate_t state;
static struct tm tm;
static struct timespec none;
// A va_list of one pointer, as the functions take it.
struct list {
    unsigned integers, floats;
    void *arguments, *registers;
};
#define LIST(pointer) (&(struct list){48, 304, &(const void *){pointer}, NULL})

static int *errors; // that were reported

static void on_error(const struct mmguard_error *error, void *argument)
{
    ++*errors;
}

static int compare(const void *left, const void *right)
{
    return *(const char *)left - *(const char *)right;
}

static int named_socket(int type)
{
    int socket_of = socket(AF_UNIX, type, 0);
    address = (struct sockaddr_storage){AF_UNIX};
    length = sizeof(address);
    bind(socket_of, (void *)&address, sizeof(sa_family_t)); // the kernel chooses a name
    getsockname(socket_of, (void *)&address, &length);
    return socket_of;
}

static void prepare_files(void)
{
    char name[32];
    fd = memfd_create("text", 0);
    write(fd, "12345678 12345678 12345678\n", 27);
    lseek(fd, 0, SEEK_SET);
    sprintf(name, "/proc/self/fd/%d", fd);
    stdin = fopen(name, "r"), file = fopen(name, "r");
    stdout = fopen("/dev/null", "w"), out = fopen("/dev/null", "w");
    dup2(open("/dev/null", O_WRONLY), 2);
    socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
    send(pair[1], "12345678", 8, 0);
    int client = named_socket(SOCK_STREAM);
    listening = named_socket(SOCK_STREAM);
    listen(listening, 1);
    connect(client, (void *)&address, length);
    length = sizeof(address);
}

static void prepare(enum kind kind)
{
    static const char bytes[] = "12345678abcdefgh";
    static const wchar_t wide[] = L"12345678abcdefgh";
    bool right = kind == RIGHT;
    from = calloc(8, 1), wfrom = calloc(8, sizeof(wchar_t));
    memcpy(from, bytes, right ? 7 : 8), wmemcpy(wfrom, wide, right ? 7 : 8);
    same = right ? "1234567" : bytes, wsame = right ? L"1234567" : wide;
    to = calloc(right ? large : 2, 1), wto = calloc(right ? large : 1, sizeof(wchar_t));
    n = right ? 8 : 16, room = kind == WRONG_KNOWN ? 2 : SIZE_MAX;
    vector = (struct iovec){from, n}, vector_out = (struct iovec){to, n};
    prepare_files();
    *errors = 0;
}

static pid_t child;
static long (*function)();

// A function is taken by its name, without a declaration, whatever headers make of it; in a child, since libc ends some.
// True there.
static bool begin(enum kind kind, const char *name)
{
    static void *libc;
    if (!libc)
        libc = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
    child = 0;
    if (!dlsym(libc, name)) // not in this version
        return false;
    function = (long (*)())dlsym(RTLD_DEFAULT, name);
    child = fork();
    if (!child)
        prepare(kind);
    return !child;
}

static void end(enum kind kind, bool wrong, const char *name)
{
    int status;
    if (!child)
        return;
    waitpid(child, &status, 0);
    if (!WIFSIGNALED(status) || (WTERMSIG(status) != SIGKILL && kind != WRONG_KNOWN))
        dprintf(1, "%s: ended with status %#x\n", name, status);
    if (!*errors == wrong)
        dprintf(1, "%s: %d errors where it is %s\n", name, *errors, wrong ? "wrong" : "right");
}

#define TRY(kind, wrong, name, ...)                                                                \
    do {                                                                                           \
        if (begin(kind, #name)) {                                                                  \
            function(__VA_ARGS__);                                                                 \
            kill(getpid(), SIGKILL);                                                               \
        }                                                                                          \
        end(kind, wrong, #name);                                                                   \
    } while (0)

// One that cannot be wrong.
#define RIGHT(name, ...) TRY(RIGHT, false, name, __VA_ARGS__)
// One whose memory is wrong whatever the compiler knew of it.
#define CALL(name, ...)                                                                            \
    do {                                                                                           \
        RIGHT(name, __VA_ARGS__);                                                                  \
        TRY(WRONG, true, name, __VA_ARGS__);                                                       \
        if (strstr(#name, "_chk"))                                                                 \
            TRY(WRONG_KNOWN, true, name, __VA_ARGS__);                                             \
    } while (0)
// One that is wrong only where the compiler knew of too little room, for which libc ends the program.
#define KNOWN(name, ...)                                                                           \
    do {                                                                                           \
        RIGHT(name, __VA_ARGS__);                                                                  \
        TRY(WRONG_KNOWN, true, name, __VA_ARGS__);                                                 \
    } while (0)
// One whose source and destination overlap, in blocks with room for both.
#define OVERLAP(name, ...) TRY(RIGHT, true, name, __VA_ARGS__)

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8"); // a character may have several bytes
    errors = mmap(NULL, sizeof(*errors), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    mmguard_on_error(on_error, NULL);

    // Memory.
    CALL(memcpy, to, same, n);
    CALL(memmove, to, same, n);
    CALL(mempcpy, to, same, n);
    CALL(__mempcpy, to, same, n);
    CALL(bcopy, same, to, n);
    CALL(memset, to, 'x', n);
    CALL(bzero, to, n);
    CALL(explicit_bzero, to, n);
    CALL(memcmp, from, same, n);
    CALL(bcmp, from, same, n);
    CALL(__memcmpeq, from, same, n);
    CALL(memchr, from, 'x', n);
    CALL(memrchr, from, 'x', n);
    CALL(rawmemchr, from, 0);
    CALL(memmem, from, n, "x", one);
    CALL(memccpy, to, same, 'x', n);
    CALL(__memcpy_chk, to, same, n, room);
    CALL(__memmove_chk, to, same, n, room);
    CALL(__mempcpy_chk, to, same, n, room);
    CALL(__memset_chk, to, 'x', n, room);
    CALL(__explicit_bzero_chk, to, n, room);
    CALL(wmemcpy, wto, wsame, n);
    CALL(wmemmove, wto, wsame, n);
    CALL(wmempcpy, wto, wsame, n);
    CALL(wmemset, wto, L'x', n);
    CALL(wmemcmp, wfrom, wsame, n);
    CALL(wmemchr, wfrom, L'x', n);
    CALL(__wmemcpy_chk, wto, wsame, n, room);
    CALL(__wmemmove_chk, wto, wsame, n, room);
    CALL(__wmempcpy_chk, wto, wsame, n, room);
    CALL(__wmemset_chk, wto, L'x', n, room);

    // Texts.
    CALL(strlen, from);
    CALL(strnlen, from, n);
    CALL(strcpy, to, same);
    CALL(stpcpy, to, same);
    CALL(__stpcpy, to, same);
    CALL(strncpy, to, same, n);
    CALL(stpncpy, to, same, n);
    CALL(strcat, to, same);
    CALL(strncat, to, same, n);
    CALL(strdup, from);
    CALL(__strdup, from);
    CALL(strndup, from, n);
    CALL(__strndup, from, n);
    CALL(__strcpy_chk, to, same, room);
    CALL(__stpcpy_chk, to, same, room);
    CALL(__strncpy_chk, to, same, n, room);
    CALL(__stpncpy_chk, to, same, n, room);
    CALL(__strcat_chk, to, same, room);
    CALL(__strncat_chk, to, same, n, room);
    CALL(strcmp, from, same);
    CALL(strncmp, from, same, n);
    CALL(strcasecmp, from, same);
    CALL(strncasecmp, from, same, n);
    CALL(strcoll, from, same);
    CALL(strxfrm, to, from, n);
    CALL(strchr, from, 'x');
    CALL(index, from, 'x');
    CALL(strchrnul, from, 'x');
    CALL(strrchr, from, 'x');
    CALL(rindex, from, 'x');
    CALL(strstr, from, "x");
    CALL(strcasestr, from, "x");
    CALL(strspn, from, "12345678");
    CALL(strcspn, from, "x");
    CALL(strpbrk, from, "x");
    CALL(strtok, from, "x");
    CALL(strtok_r, from, "x", &to);
    CALL(__strtok_r, from, "x", &to);
    CALL(strsep, &from, "x");
    CALL(basename, from);
    CALL(__xpg_basename, from);
    CALL(dirname, from);
    CALL(wcslen, wfrom);
    CALL(wcsnlen, wfrom, n);
    CALL(wcscpy, wto, wsame);
    CALL(wcpcpy, wto, wsame);
    CALL(wcsncpy, wto, wsame, n);
    CALL(wcpncpy, wto, wsame, n);
    CALL(wcscat, wto, wsame);
    CALL(wcsncat, wto, wsame, n);
    CALL(wcsdup, wfrom);
    CALL(__wcscpy_chk, wto, wsame, room);
    CALL(__wcpcpy_chk, wto, wsame, room);
    CALL(__wcsncpy_chk, wto, wsame, n, room);
    CALL(__wcpncpy_chk, wto, wsame, n, room);
    CALL(__wcscat_chk, wto, wsame, room);
    CALL(__wcsncat_chk, wto, wsame, n, room);
    CALL(wcscmp, wfrom, wsame);
    CALL(wcsncmp, wfrom, wsame, n);
    CALL(wcscasecmp, wfrom, wsame);
    CALL(wcsncasecmp, wfrom, wsame, n);
    CALL(wcscoll, wfrom, wsame);
    CALL(wcsxfrm, wto, wfrom, n);
    CALL(wcschr, wfrom, L'x');
    CALL(wcsrchr, wfrom, L'x');
    CALL(wcsstr, wfrom, L"x");
    CALL(wcsspn, wfrom, L"12345678");
    CALL(wcscspn, wfrom, L"x");
    CALL(wcspbrk, wfrom, L"x");

    // Numbers and conversions.
    CALL(strtol, from, NULL, 10);
    CALL(__isoc23_strtol, from, NULL, 10);
    CALL(strtoul, from, NULL, 10);
    CALL(__isoc23_strtoul, from, NULL, 10);
    CALL(strtoll, from, NULL, 10);
    CALL(__isoc23_strtoll, from, NULL, 10);
    CALL(strtoull, from, NULL, 10);
    CALL(__isoc23_strtoull, from, NULL, 10);
    CALL(strtoimax, from, NULL, 10);
    CALL(__isoc23_strtoimax, from, NULL, 10);
    CALL(strtoumax, from, NULL, 10);
    CALL(__isoc23_strtoumax, from, NULL, 10);
    CALL(wcstol, wfrom, NULL, 10);
    CALL(__isoc23_wcstol, wfrom, NULL, 10);
    CALL(wcstoul, wfrom, NULL, 10);
    CALL(__isoc23_wcstoul, wfrom, NULL, 10);
    CALL(wcstoll, wfrom, NULL, 10);
    CALL(__isoc23_wcstoll, wfrom, NULL, 10);
    CALL(wcstoull, wfrom, NULL, 10);
    CALL(__isoc23_wcstoull, wfrom, NULL, 10);
    CALL(strtof, from, NULL);
    CALL(strtod, from, NULL);
    CALL(strtold, from, NULL);
    CALL(wcstof, wfrom, NULL);
    CALL(wcstod, wfrom, NULL);
    CALL(wcstold, wfrom, NULL);
    CALL(atoi, from);
    CALL(atol, from);
    CALL(atoll, from);
    CALL(atof, from);
    CALL(mbstowcs, wto, same, n);
    CALL(wcstombs, to, wsame, n);
    CALL(mbsrtowcs, wto, &same, n, &state);
    CALL(wcsrtombs, to, &wsame, n, &state);
    CALL(__mbstowcs_chk, wto, same, n, room);
    CALL(__wcstombs_chk, to, wsame, n, room);
    CALL(__mbsrtowcs_chk, wto, &same, n, &state, room);
    CALL(__wcsrtombs_chk, to, &wsame, n, &state, room);
    KNOWN(__mbsnrtowcs_chk, wto, &same, n, n, &state, room);
    KNOWN(__wcsnrtombs_chk, to, &wsame, n, n, &state, room);
    KNOWN(__wctomb_chk, to, L'x', room);
    KNOWN(__wcrtomb_chk, to, L'x', &state, room);
    CALL(strftime, to, large, "%F", &tm);
    CALL(wcsftime, wto, large, L"%F", &tm);
    CALL(inet_pton, AF_INET, "1.2.3.4", to);
    CALL(inet_ntop, AF_INET, &none, to, 100);

    // Formats.
    CALL(printf, "%s", from);
    CALL(vprintf, "%s", LIST(from));
    CALL(__printf_chk, 1, "%s", from);
    CALL(__vprintf_chk, 1, "%s", LIST(from));
    CALL(fprintf, out, "%s", from);
    CALL(vfprintf, out, "%s", LIST(from));
    CALL(__fprintf_chk, out, 1, "%s", from);
    CALL(__vfprintf_chk, out, 1, "%s", LIST(from));
    CALL(dprintf, fd, "%s", from);
    CALL(vdprintf, fd, "%s", LIST(from));
    CALL(__dprintf_chk, fd, 1, "%s", from);
    CALL(__vdprintf_chk, fd, 1, "%s", LIST(from));
    CALL(asprintf, &to, "%s", from);
    CALL(vasprintf, &to, "%s", LIST(from));
    CALL(__asprintf_chk, &to, 1, "%s", from);
    CALL(__vasprintf_chk, &to, 1, "%s", LIST(from));
    CALL(wprintf, L"%ls", wfrom);
    CALL(vwprintf, L"%ls", LIST(wfrom));
    CALL(__wprintf_chk, 1, L"%ls", wfrom);
    CALL(__vwprintf_chk, 1, L"%ls", LIST(wfrom));
    CALL(fwprintf, out, L"%ls", wfrom);
    CALL(vfwprintf, out, L"%ls", LIST(wfrom));
    CALL(__fwprintf_chk, out, 1, L"%ls", wfrom);
    CALL(__vfwprintf_chk, out, 1, L"%ls", LIST(wfrom));
    CALL(sprintf, to, "%s", same);
    CALL(vsprintf, to, "%s", LIST(same));
    CALL(__sprintf_chk, to, 1, room, "%s", same);
    CALL(__vsprintf_chk, to, 1, room, "%s", LIST(same));
    CALL(snprintf, to, large, "%s", same);
    CALL(vsnprintf, to, large, "%s", LIST(same));
    CALL(__snprintf_chk, to, large, 1, room, "%s", same);
    CALL(__vsnprintf_chk, to, large, 1, room, "%s", LIST(same));
    CALL(swprintf, wto, large, L"%ls", wsame);
    CALL(vswprintf, wto, large, L"%ls", LIST(wsame));
    CALL(__swprintf_chk, wto, large, 1, room, L"%ls", wsame);
    CALL(__vswprintf_chk, wto, large, 1, room, L"%ls", LIST(wsame));
    RIGHT(register_printf_specifier, 'W', NULL, NULL);
    RIGHT(register_printf_function, 'W', NULL, NULL);
    RIGHT(register_printf_modifier, L"W");
    CALL(scanf, "%s", to);
    CALL(vscanf, "%s", LIST(to));
    CALL(__isoc99_scanf, "%s", to);
    CALL(__isoc99_vscanf, "%s", LIST(to));
    CALL(__isoc23_scanf, "%s", to);
    CALL(__isoc23_vscanf, "%s", LIST(to));
    CALL(fscanf, file, "%s", to);
    CALL(vfscanf, file, "%s", LIST(to));
    CALL(__isoc99_fscanf, file, "%s", to);
    CALL(__isoc99_vfscanf, file, "%s", LIST(to));
    CALL(__isoc23_fscanf, file, "%s", to);
    CALL(__isoc23_vfscanf, file, "%s", LIST(to));
    CALL(sscanf, same, "%s", to);
    CALL(vsscanf, same, "%s", LIST(to));
    CALL(__isoc99_sscanf, same, "%s", to);
    CALL(__isoc99_vsscanf, same, "%s", LIST(to));
    CALL(__isoc23_sscanf, same, "%s", to);
    CALL(__isoc23_vsscanf, same, "%s", LIST(to));
    CALL(wscanf, L"%ls", wto);
    CALL(vwscanf, L"%ls", LIST(wto));
    CALL(__isoc99_wscanf, L"%ls", wto);
    CALL(__isoc99_vwscanf, L"%ls", LIST(wto));
    CALL(__isoc23_wscanf, L"%ls", wto);
    CALL(__isoc23_vwscanf, L"%ls", LIST(wto));
    CALL(fwscanf, file, L"%ls", wto);
    CALL(vfwscanf, file, L"%ls", LIST(wto));
    CALL(__isoc99_fwscanf, file, L"%ls", wto);
    CALL(__isoc99_vfwscanf, file, L"%ls", LIST(wto));
    CALL(__isoc23_fwscanf, file, L"%ls", wto);
    CALL(__isoc23_vfwscanf, file, L"%ls", LIST(wto));
    CALL(swscanf, wsame, L"%ls", wto);
    CALL(vswscanf, wsame, L"%ls", LIST(wto));
    CALL(__isoc99_swscanf, wsame, L"%ls", wto);
    CALL(__isoc99_vswscanf, wsame, L"%ls", LIST(wto));
    CALL(__isoc23_swscanf, wsame, L"%ls", wto);
    CALL(__isoc23_vswscanf, wsame, L"%ls", LIST(wto));

    // Streams.
    CALL(fgets, to, 512, file);
    CALL(fgets_unlocked, to, 512, file);
    CALL(__fgets_chk, to, room, 512, file);
    CALL(__fgets_unlocked_chk, to, room, 512, file);
    CALL(fgetws, wto, 512, file);
    CALL(fgetws_unlocked, wto, 512, file);
    CALL(__fgetws_chk, wto, room, 512, file);
    CALL(__fgetws_unlocked_chk, wto, room, 512, file);
    CALL(gets, to);
    CALL(__gets_chk, to, room);
    CALL(getline, &to, &large, file);
    CALL(getdelim, &to, &large, '\n', file);
    CALL(__getdelim, &to, &large, '\n', file);
    CALL(fread, to, one, n, file);
    CALL(fread_unlocked, to, one, n, file);
    CALL(__fread_chk, to, room, one, n, file);
    CALL(__fread_unlocked_chk, to, room, one, n, file);
    CALL(fwrite, from, one, n, out);
    CALL(fwrite_unlocked, from, one, n, out);
    CALL(puts, from);
    CALL(fputs, from, out);
    CALL(fputs_unlocked, from, out);
    CALL(fputws, wfrom, out);
    RIGHT(setvbuf, out, to, _IOFBF, large);
    RIGHT(setbuffer, out, to, large);
    RIGHT(setbuf, out, NULL);
    RIGHT(fflush, out);
    RIGHT(fflush_unlocked, out);
    RIGHT(__fpurge, out);
    RIGHT(freopen, "/dev/null", "w", out);
    RIGHT(freopen64, "/dev/null", "w", out);
    RIGHT(fclose, out);
    RIGHT(pclose, out);
    RIGHT(fcloseall);

    // Arrays.
    CALL(qsort, to, n, one, compare);
    CALL(qsort_r, to, n, one, compare, NULL);
    CALL(bsearch, "x", from, n, one, compare);

    // Paths and the kernel; the rest is in kernel_sweep.c.
    CALL(realpath, "/proc", to);
    CALL(__realpath_chk, "/proc", to, room);
    CALL(getcwd, to, large);
    CALL(__getcwd_chk, to, large, room);
    CALL(chdir, from);
    CALL(chmod, from, 0700);
    CALL(chown, from, -1, -1);
    CALL(creat, from, 0700);
    CALL(mkdir, from, 0700);
    CALL(mkdirat, AT_FDCWD, from, 0700);
    CALL(rmdir, from);
    CALL(unlink, from);
    CALL(unlinkat, AT_FDCWD, from, 0);
    CALL(remove, from);
    CALL(truncate, from, 0L);
    CALL(opendir, from);
    CALL(link, from, "other");
    CALL(rename, from, "other");
    CALL(symlink, from, "other");
    CALL(fopen, from, "r");
    CALL(fopen64, from, "r");
    CALL(open64, from, 0);
    CALL(openat, AT_FDCWD, from, 0);
    CALL(openat64, AT_FDCWD, from, 0);
    CALL(stat64, ".", to);
    CALL(lstat, ".", to);
    CALL(lstat64, ".", to);
    CALL(fstatat, AT_FDCWD, ".", to, 0);
    CALL(fstatat64, AT_FDCWD, ".", to, 0);
    CALL(fstat64, fd, to);
    CALL(pipe2, to, 0);
    CALL(accept, listening, to, &length);
    CALL(accept4, listening, to, &length, 0);
    CALL(fcntl64, fd, F_GETLK, to);
    CALL(__read_chk, fd, to, n, room);
    CALL(__pread_chk, fd, to, n, 0L, room);
    CALL(pread64, fd, to, n, 0L);
    CALL(__pread64_chk, fd, to, n, 0L, room);
    CALL(pwrite, fd, from, n, 0L);
    CALL(pwrite64, fd, from, n, 0L);
    CALL(__recv_chk, pair[0], to, n, room, 0);
    CALL(__recvfrom_chk, pair[0], to, n, room, 0, NULL, NULL);
    CALL(__readlink_chk, "/proc/self/exe", to, n, room);
    CALL(readlinkat, AT_FDCWD, "/proc/self/exe", to, n);
    CALL(__readlinkat_chk, AT_FDCWD, "/proc/self/exe", to, n, room);
    CALL(preadv, fd, &vector_out, 1, 0L);
    CALL(preadv64, fd, &vector_out, 1, 0L);
    CALL(preadv64v2, fd, &vector_out, 1, 0L, 0);
    CALL(pwritev, fd, &vector, 1, 0L);
    CALL(pwritev64, fd, &vector, 1, 0L);
    CALL(pwritev2, fd, &vector, 1, 0L, 0);
    CALL(pwritev64v2, fd, &vector, 1, 0L, 0);
    KNOWN(__gethostname_chk, to, large, room);
    KNOWN(__getdomainname_chk, to, large, room);
    KNOWN(__getlogin_r_chk, to, large, room);
    KNOWN(__ttyname_r_chk, 0, to, large, room);
    KNOWN(__ptsname_r_chk, 0, to, large, room);
    KNOWN(__confstr_chk, 0, to, large, room);
    KNOWN(__getgroups_chk, 64, to, room);
    KNOWN(__poll_chk, to, n, 0, room);
    KNOWN(__ppoll_chk, to, n, &none, NULL, room);

    // Overlapping copies.
    OVERLAP(memcpy, from, from + 1, one + one);
    OVERLAP(__memcpy_chk, from, from + 1, one + one, room);
    OVERLAP(mempcpy, from, from + 1, one + one);
    OVERLAP(__mempcpy_chk, from, from + 1, one + one, room);
    OVERLAP(__mempcpy, from, from + 1, one + one);
    OVERLAP(memccpy, from, from + 1, 'x', one + one);
    OVERLAP(strcpy, from, from + 1);
    OVERLAP(__strcpy_chk, from, from + 1, room);
    OVERLAP(stpcpy, from, from + 1);
    OVERLAP(__stpcpy_chk, from, from + 1, room);
    OVERLAP(__stpcpy, from, from + 1);
    OVERLAP(strncpy, from, from + 1, n - 1);
    OVERLAP(__strncpy_chk, from, from + 1, n - 1, room);
    OVERLAP(stpncpy, from, from + 1, n - 1);
    OVERLAP(__stpncpy_chk, from, from + 1, n - 1, room);
    OVERLAP(wmemcpy, wfrom, wfrom + 1, one + one);
    OVERLAP(__wmemcpy_chk, wfrom, wfrom + 1, one + one, room);
    OVERLAP(wmempcpy, wfrom, wfrom + 1, one + one);
    OVERLAP(__wmempcpy_chk, wfrom, wfrom + 1, one + one, room);
    OVERLAP(wcscpy, wfrom, wfrom + 1);
    OVERLAP(__wcscpy_chk, wfrom, wfrom + 1, room);
    OVERLAP(wcpcpy, wfrom, wfrom + 1);
    OVERLAP(__wcpcpy_chk, wfrom, wfrom + 1, room);
    OVERLAP(wcsncpy, wfrom, wfrom + 1, n - 1);
    OVERLAP(__wcsncpy_chk, wfrom, wfrom + 1, n - 1, room);
    OVERLAP(wcpncpy, wfrom, wfrom + 1, n - 1);
    OVERLAP(__wcpncpy_chk, wfrom, wfrom + 1, n - 1, room);
    OVERLAP(strcat, strcpy(to, "12345678"), to + 4);
    OVERLAP(__strcat_chk, strcpy(to, "12345678"), to + 4, room);
    OVERLAP(strncat, strcpy(to, "12345678"), to + 4, n);
    OVERLAP(__strncat_chk, strcpy(to, "12345678"), to + 4, n, room);
    OVERLAP(wcscat, wcscpy(wto, L"12345678"), wto + 4);
    OVERLAP(__wcscat_chk, wcscpy(wto, L"12345678"), wto + 4, room);
    OVERLAP(wcsncat, wcscpy(wto, L"12345678"), wto + 4, n);
    OVERLAP(__wcsncat_chk, wcscpy(wto, L"12345678"), wto + 4, n, room);
    return 0;
}
