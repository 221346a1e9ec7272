#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Runs `make check` in fresh minimal roots of Debian 12, 13 and sid, and prints a line for each and `N passed, N failed`.
# A run with a compiler's warning has failed. Needs root, and the packages come from the mirror that apt is configured with.
#
#     DISTRIBUTIONS   which: bookworm trixie sid
#     FLAVOURS        how to build: plain O0 native lto dpkg clang sanitize (the unit tests alone); or "all"
#     CHECK           what to run for the flavours but sanitize: check
#     KEEP            a folder for roots that are kept and used again; and the logs
set -u
top=$(cd "$(dirname "$0")/.." && pwd) || exit 2
read -ra distributions <<<"${DISTRIBUTIONS:-bookworm trixie sid}"
read -ra flavours <<<"${FLAVOURS:-plain}"
[ "${flavours[0]}" = all ] && flavours=(plain O0 native lto dpkg clang sanitize)

skip() {
    echo "distributions: $1; nothing is tested"
    echo "0 passed, 0 failed, $((${#distributions[@]} * ${#flavours[@]})) skipped"
    exit 0
}

# The mirror of the distribution proper: neither that of its security updates nor another vendor's.
find_mirror() {
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(COMPONENT) $(CODENAME)' 'Created-By: Packages' 2>/dev/null |
        awk '$2 == "Debian" && $3 == "main" && $4 !~ /-/ { print $1; exit }'
}

flags_of() { # flavour: the arguments of make, one a line
    case $1 in
    plain) ;;
    O0) printf '%s\n' 'CFLAGS=-O0 -g -Wno-maybe-uninitialized' 'CXXFLAGS=-O0 -g' ;;
    native) printf '%s\n' 'CFLAGS=-O3 -march=native -g' 'CXXFLAGS=-O3 -march=native -g' ;;
    lto) printf '%s\n' 'CFLAGS=-O2 -g -flto=auto' 'CXXFLAGS=-O2 -g -flto=auto' ;;
    dpkg) # shellcheck disable=SC2016
        printf '%s=$(shell dpkg-buildflags --get %s)\n' CPPFLAGS CPPFLAGS CFLAGS CFLAGS CXXFLAGS CXXFLAGS LDFLAGS LDFLAGS ;;
    clang) printf '%s\n' CC=clang CXX=clang++ ;;
    sanitize) printf '%s\n' VARIANT=sanitize ;;
    *) return 1 ;;
    esac
}

bootstrap() { # suite, root
    local options=(--variant=apt '--include=make,ca-certificates' --aptopt='Acquire::Check-Valid-Until "false"')
    local proxy
    while read -r proxy; do
        options+=("--aptopt=$proxy")
    done < <(apt-config dump | grep -i '^Acquire::[a-z]*::Proxy ')
    if command -v mmdebstrap >/dev/null; then
        mmdebstrap --mode=root "${options[@]}" "$1" "$2" "$mirror"
    else
        debootstrap --variant=minbase --include=make,ca-certificates "$1" "$2" "$mirror" &&
            echo 'Acquire::Check-Valid-Until "false";' >"$2/etc/apt/apt.conf.d/99old-release"
    fi || return
    cp -L /etc/resolv.conf "$2/etc/resolv.conf"
    cp /etc/hosts "$2/etc/hosts"
}

# What a program expects to find. The mounts are seen in this namespace only, and are gone with its last process.
furnish() { # root
    local root=$1 node
    mount --bind "$root" "$root" || return
    mount -t proc proc "$root/proc" && mount --rbind /sys "$root/sys" || return
    mount -t tmpfs -o mode=755 dev "$root/dev" && mkdir "$root/dev/pts" "$root/dev/shm" || return
    mount -t tmpfs -o mode=1777 shm "$root/dev/shm" || return
    mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts" || return
    for node in null zero full random urandom tty userfaultfd; do
        [ -e "/dev/$node" ] || continue
        : >"$root/dev/$node" && mount --bind "/dev/$node" "$root/dev/$node" || return
    done
    ln -s pts/ptmx "$root/dev/ptmx" && ln -s /proc/self/fd "$root/dev/fd" || return
    ln -s fd/0 "$root/dev/stdin" && ln -s fd/1 "$root/dev/stdout" && ln -s fd/2 "$root/dev/stderr" || return
    chmod 1777 "$root/tmp"
}

inside() { # root, command...
    local root=$1
    shift
    chroot "$root" /usr/bin/env -i HOME=/root LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        JOBS="${JOBS:-}" bash -c 'cd /src && "$@"' - "$@" </dev/null
}

run_flavour() { # flavour, root
    local arguments=() goal
    mapfile -t arguments < <(flags_of "$1")
    rm -rf "$2/src" && mkdir "$2/src" || return
    (cd "$top" && find . \( -name .git -o -path ./build \) -prune -o -type f -print0 -o -type l -print0 | tar -c --null -T - -f -) |
        tar -x -C "$2/src" -f - || return
    inside "$2" bash tests/deps.sh test clang dpkg-dev || return
    read -ra goal <<<"${CHECK:-check}"
    if [ "$1" = sanitize ]; then
        inside "$2" make "-j$(nproc)" "${arguments[@]}" all build/sanitize/tests/unit-tests &&
            inside "$2" build/sanitize/tests/unit-tests
    else
        inside "$2" make "-j$(nproc)" "${arguments[@]}" "${goal[@]}"
    fi
}

# One line on descriptor 3; the log says the rest.
verdict() { # name, status, log
    local result warnings
    result=$(sed -nE -e '/^[0-9]+ passed, [0-9]+ failed/p' -e 's/^ +tests +[0-9]+ +[0-9]+ +([0-9]+) +([0-9]+).*/\1 passed, \2 failed/p' "$3" |
        tail -n 1)
    warnings=$(grep -cE '(^|[: ])warning: ' "$3")
    if [ "$2" -eq 0 ] && [ "$warnings" -eq 0 ]; then
        echo "$1: passed${result:+ ($result)}" >&3
    else
        echo "$1: failed (${result:-no result}, status $2, $warnings warnings): $3" >&3
    fi
}

# Runs in its own mount and process namespace.
all_of() { # folder
    local suite flavour log
    for suite in "${distributions[@]}"; do
        log=$1/$suite.log
        if ! [ -e "$1/$suite/etc/apt/sources.list" ]; then
            rm -rf --one-file-system "${1:?}/$suite"
            if ! bootstrap "$suite" "$1/$suite" >"$log" 2>&1; then
                for flavour in "${flavours[@]}"; do
                    echo "$suite $flavour: failed: no root could be made; log: $log" >&3
                done
                continue
            fi
        fi
        furnish "$1/$suite" || {
            echo "$suite: failed: its folders cannot be mounted" >&3
            continue
        }
        for flavour in "${flavours[@]}"; do
            log=$1/$suite.$flavour.log
            run_flavour "$flavour" "$1/$suite" >"$log" 2>&1
            verdict "$suite $flavour" $? "$log"
        done
    done
}

if [ "${1:-}" = --inside ]; then
    mirror=$3
    all_of "$2"
    exit 0
fi

for flavour in "${flavours[@]}"; do
    flags_of "$flavour" >/dev/null || {
        echo "distributions: no flavour '$flavour': plain O0 native lto dpkg clang sanitize" >&2
        exit 2
    }
done
[ "$(id -u)" -eq 0 ] || skip "making roots needs root"
command -v mmdebstrap >/dev/null || command -v debootstrap >/dev/null || skip "neither mmdebstrap nor debootstrap is installed"
unshare --mount-proc --pid --fork true 2>/dev/null || skip "no namespace of its own can be made here"
mirror=$(find_mirror)
[ -n "$mirror" ] || skip "apt is configured with no mirror of Debian"

if [ -n "${KEEP:-}" ]; then
    mkdir -p "$KEEP" && work=$(cd "$KEEP" && pwd) || exit 2
else
    work=$(mktemp -d /var/tmp/distributions.XXXXXX) || exit 2
fi
# The namespace's first process ends with us, and all others with it: then nothing is mounted under the folder.
clean() {
    if [ -n "${child:-}" ]; then
        kill -KILL "$child" 2>/dev/null
        wait "$child" 2>/dev/null
    fi
    exec 3>&- 4<&-
    [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM HUP
exec 3>"$work/verdicts"
unshare --mount-proc --propagation private --pid --fork --kill-child bash "$0" --inside "$work" "$mirror" &
child=$!
tail -n +1 -f --pid="$child" "$work/verdicts" 2>/dev/null &
wait "$child"
child=
wait
passed=$(grep -c ': passed' "$work/verdicts")
failed=$((${#distributions[@]} * ${#flavours[@]} - passed))
if [ "$failed" -gt 0 ] && [ -z "${KEEP:-}" ]; then
    KEEP=$work # for the logs
    for suite in "${distributions[@]}"; do
        rm -rf --one-file-system "${work:?}/$suite"
    done
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
