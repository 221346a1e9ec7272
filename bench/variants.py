# SPDX-License-Identifier: MIT
"""What is compared: libguard with its options, and the peers. A new variant is one line."""
import os
import shutil
import subprocess

# Name, MMGUARD_OPTIONS, families it takes part in. Options that this build of the library refuses are skipped with a
# message. Several spellings may be given; the first that is accepted counts.
GUARD = [
    ("move", ["backend=move:guard=all"], "micro memory leak macro"),
    ("move, depth=1", ["backend=move:guard=all:depth=1"], "micro"),
    ("guard", ["backend=guard:guard=all"], "micro memory leak macro"),
    ("mprotect", ["backend=mprotect:guard=all"], "micro memory macro"),
    ("guard=auto", ["guard=auto"], "macro"),
    ("guard=fair", ["guard=fair"], "micro memory macro"),
    ("guard=100", ["guard=100"], "micro memory"),
    ("revoke=fair", ["revoke=fair:guard=all"], "micro macro"),
    ("revoke=batch:64", ["guard=all:revoke=batch:64"], "micro macro"),
    ("compact", ["guard=all:budget=1M", "guard=all:budget=64M"], "micro memory leak"),
]

# Kept out of the times: what a user sees on the screen, and traces of clean processes.
GUARD_QUIET = "report=none:symbolize=0:exitcode=0"


class Variant:
    """One column: how a command is run, and which build of our own drivers it takes."""

    def __init__(self, name, families, prefix=(), env=None, build="plain", unchecked_env=None, unchecked_prefix=None,
                 patterns=None):
        self.name = name
        self.families = families.split()
        self.prefix = list(prefix)
        self.env = env or {}
        self.build = build
        self.patterns = patterns  # of malloc and free that it can do; None: all
        # The same without its leak check, for the leak sweep.
        self.unchecked_env = unchecked_env
        self.unchecked_prefix = unchecked_prefix


def _accepted(library, options):
    done = subprocess.run(["/bin/true"], env={"LD_PRELOAD": library, "MMGUARD_OPTIONS": options}, check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=os.environ.get("TMPDIR", "/tmp"))
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return done.returncode == 0 and not lines, lines[0] if lines else f"status {done.returncode}"


def guard_variants(library, scratch, say):
    found = []
    for name, spellings, families in GUARD:
        for options in spellings:
            accepted, why = _accepted(library, options)
            if accepted:
                base = f"{options}:{GUARD_QUIET}:dir={scratch}"
                env = {"LD_PRELOAD": library, "MMGUARD_OPTIONS": base}
                found.append(Variant(name, families, env=env,
                                     unchecked_env={**env, "MMGUARD_OPTIONS": base + ":leak_check=0"}))
                break
        else:
            say(f"skipped: variant {name} ({why.removeprefix('libguard: ')})")
    return found


def _library(name):
    for folder in ("/usr/lib/x86_64-linux-gnu", "/usr/lib", "/usr/lib/heaptrack"):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            return path
    return None


def asan_library(compiler):
    path = subprocess.run([compiler, "-print-file-name=libasan.so"], capture_output=True, check=False,
                          text=True).stdout.strip()
    return os.path.realpath(path) if os.path.isabs(path) and os.path.exists(path) else None


def peer_variants(compiler, scratch, say):
    found = [Variant("glibc", "micro memory leak macro")]
    asan = asan_library(compiler)
    # check_printf and the like stay at their defaults; only what ends a program for reasons of its own is turned off.
    options = "exitcode=0:symbolize=0"
    if asan:
        found.append(Variant("ASan", "micro memory built", build="asan",
                             env={"ASAN_OPTIONS": options + ":detect_leaks=0"}))
        found.append(Variant("LSan", "leak", build="asan", env={"ASAN_OPTIONS": options + ":detect_leaks=1"},
                             unchecked_env={"ASAN_OPTIONS": options + ":detect_leaks=0"}))
        found.append(Variant("libasan preloaded", "macro",
                             env={"LD_PRELOAD": asan, "ASAN_OPTIONS": options + ":log_path=/dev/null"}))
    else:
        say("skipped: ASan, LSan (the compiler has no libasan)")
    if shutil.which("valgrind"):
        command = ["valgrind", "-q", "--log-file=/dev/null"]
        found.append(Variant("memcheck", "micro memory macro", prefix=command))
        found.append(Variant("memcheck, leaks", "leak", prefix=["valgrind", "--leak-check=full"],
                             unchecked_prefix=["valgrind", "--leak-check=no"]))
    else:
        say("skipped: memcheck (valgrind is missing)")
    for name, library, env in (
            ("efence", "libefence.so.0", {"EF_DISABLE_BANNER": "1", "EF_ALLOW_MALLOC_0": "1"}),
            ("DUMA", "libduma.so.0", {"DUMA_DISABLE_BANNER": "1", "DUMA_ALLOW_MALLOC_0": "1"})):
        path = _library(library)
        if path:
            found.append(Variant(name, "micro memory macro", env={"LD_PRELOAD": path, **env}))
        else:
            say(f"skipped: {name} ({library} is missing)")
    if shutil.which("heaptrack"):
        found.append(Variant("heaptrack", "micro memory macro",
                             prefix=["heaptrack", "--raw", "-o", os.path.join(scratch, "heaptrack.out")]))
    else:
        say("skipped: heaptrack (missing)")
    return found


def of_family(variants, *families):
    return [variant for variant in variants if set(families) & set(variant.families)]


def bare_variant(library):
    """The one kernel call that a pair of malloc and free needs, and nothing else: the floor under libguard's figures."""
    return Variant("bare move", "micro", env={"LD_PRELOAD": library},
                   patterns=("immediate", "lifo", "fifo", "random-1000", "random-100000", "aged-immediate"))
