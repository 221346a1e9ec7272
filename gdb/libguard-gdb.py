# SPDX-License-Identifier: MIT
"""Commands of gdb for a program that runs under libguard.so: `help mmguard`.

`source` this file, or start the program by `mmguard --gdb`. The commands call functions of libguard in
the program, with its other threads stopped; a core file has nothing to call.
"""
import re

import gdb

MAX_FRAMES = 256
TEXT_SIZE = 1024
MAX_HOLDERS = 64
RED_ZONE = 128  # below the stack pointer, where a function without calls keeps variables
WORD = 8

# What libguard looks at memory by, and what it stops threads by: no business of the person who debugs.
gdb.execute("handle SIGSEGV SIGBUS SIG63 nostop noprint pass", to_string=True)


def in_libguard(frame):
    return (gdb.solib_name(frame.pc()) or "").endswith("/libguard.so")


def select_program_frame(_event=None):
    """After an error in a call of the library the program stands in libguard's frames: select the
    innermost one that is not of libguard. A signal that a process sent tells such a stop from those of
    breakpoints and steps."""
    sent_by_process = -6
    try:
        if int(gdb.parse_and_eval("$_siginfo.si_code")) != sent_by_process:
            return
        frame = gdb.newest_frame()
        while frame and in_libguard(frame):
            frame = frame.older()
        if frame:
            frame.select()
    except gdb.error:
        pass


class Calls:
    """A block of code whose calls of functions in the program run alone, with a buffer there."""

    SETTINGS = ("scheduler-locking", "unwindonsignal", "print thread-events")

    def __enter__(self):
        if not gdb.selected_inferior().pid or not gdb.selected_thread():
            raise gdb.GdbError("mmguard: no process is being debugged")
        try:
            gdb.parse_and_eval("(void *)__mmguard_describe")
        except gdb.error:
            raise gdb.GdbError("mmguard: libguard.so is not in this program")
        self.before = {}
        for name in self.SETTINGS:
            self.before[name] = gdb.parameter(name)
        gdb.execute("set scheduler-locking on", to_string=True)
        gdb.execute("set unwindonsignal on", to_string=True)
        gdb.execute("set print thread-events off", to_string=True)
        self.buffer = 0
        return self

    def __exit__(self, *_):
        if self.buffer:
            self.call("free", "void", "void *", self.buffer)
        for name, value in self.before.items():
            word = {True: "on", False: "off"}.get(value, value)
            gdb.execute(f"set {name} {word}", to_string=True)

    def call(self, function, result, parameters, *arguments):
        text = ", ".join(str(int(argument)) for argument in arguments)
        return gdb.parse_and_eval(f"(({result} (*)({parameters})){function})({text})")

    def room(self):
        if not self.buffer:
            self.buffer = int(self.call("malloc", "unsigned long", "unsigned long",
                                        MAX_FRAMES * WORD + TEXT_SIZE))
        if not self.buffer:
            raise gdb.GdbError("mmguard: the program has no memory left")
        return self.buffer

    def describe(self, address):
        """What is there, as a number of enum mmguard_place and in words."""
        room = self.room()
        place = int(self.call("__mmguard_describe", "int",
                              "unsigned long, unsigned long, unsigned long", address, room, TEXT_SIZE))
        memory = gdb.selected_inferior().read_memory(room, TEXT_SIZE).tobytes()
        return place, memory.split(b"\0")[0].decode("utf-8", "replace")

    def is_own(self, address):
        """Whether this is memory of libguard itself. A library without symbols does not say."""
        try:
            return bool(self.call("own_contains", "unsigned char", "unsigned long", address))
        except gdb.error:
            return False

    def locate(self, address):
        """Start and size of the block that `address` is in or beside; None if there is none."""
        room = self.room()
        self.call("__asan_locate_address", "unsigned long",
                  "unsigned long, unsigned long, unsigned long, unsigned long, unsigned long",
                  address, room + 2 * WORD, TEXT_SIZE, room, room + WORD)
        memory = gdb.selected_inferior().read_memory(room, 2 * WORD).tobytes()
        start, size = (int.from_bytes(memory[i:i + WORD], "little") for i in (0, WORD))
        return (start, size) if start else None

    def stack(self, function, address):
        """Thread and code addresses of an allocation or a free; (0, []) if there was none."""
        room = self.room()
        count = int(self.call(function, "unsigned long",
                              "unsigned long, unsigned long, unsigned long, unsigned long",
                              address, room + WORD, MAX_FRAMES, room))
        memory = gdb.selected_inferior().read_memory(room, (count + 1) * WORD).tobytes()
        words = [int.from_bytes(memory[i:i + WORD], "little") for i in range(0, len(memory), WORD)]
        return (words[0] & 0xffffffff) + 1, words[1:]  # theirs begin at 0, ours at 1


def print_stack(title, thread, frames):
    if not frames:
        return
    print(f"{title} in thread {thread} at")
    for number, pc in enumerate(frames):
        # The address is where a call returns to: the call is before it.
        symbol = gdb.execute(f"info symbol {pc - 1:#x}", to_string=True).strip()
        name = symbol.split(" in section ")[0] if " in section " in symbol else f"{pc:#x}"
        name = re.sub(r" \+ \d+$", "", name)
        place = gdb.find_pc_line(pc - 1)
        line = f" at {place.symtab.filename}:{place.line}" if place.symtab else ""
        print(f"  #{number} {name}{line}")


def address_of(text):
    if not text.strip():
        raise gdb.GdbError("mmguard: an address is missing")
    return int(gdb.parse_and_eval(text).cast(gdb.lookup_type("unsigned long")))


class Mmguard(gdb.Command):
    """What libguard knows of the program's heap."""

    def __init__(self):
        super().__init__("mmguard", gdb.COMMAND_DATA, gdb.COMPLETE_COMMAND, True)


class Describe(gdb.Command):
    """mmguard describe ADDRESS
What ADDRESS points to: in a block that lives or was freed, beside one, or elsewhere."""

    def __init__(self):
        super().__init__("mmguard describe", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, _from_tty):
        address = address_of(argument)
        with Calls() as calls:
            print(calls.describe(address)[1])


class Block(gdb.Command):
    """mmguard block ADDRESS
The block that ADDRESS is in or beside: its place, and the stacks that allocated and freed it."""

    def __init__(self):
        super().__init__("mmguard block", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, _from_tty):
        address = address_of(argument)
        with Calls() as calls:
            print(calls.describe(address)[1])
            found = calls.locate(address)
            if not found:
                return
            start, _size = found
            print_stack("allocated", *calls.stack("__asan_get_alloc_stack", start))
            print_stack("freed", *calls.stack("__asan_get_free_stack", start))


class Leaks(gdb.Command):
    """mmguard leaks
Looks for leaks now and reports them where the program's reports go."""

    def __init__(self):
        super().__init__("mmguard leaks", gdb.COMMAND_DATA)

    def invoke(self, _argument, _from_tty):
        with Calls() as calls:
            # The search stops the other threads by a signal, which they must be there to take.
            gdb.execute("set scheduler-locking off", to_string=True)
            found = int(calls.call("__mmguard_report_leaks", "int", "void"))
        print("leaks were found" if found else "no leaks were found")


def writable_mappings():
    """Address ranges that the program can write, from the kernel's list."""
    with open(f"/proc/{gdb.selected_inferior().pid}/maps", encoding="utf-8", errors="replace") as maps:
        for line in maps:
            fields = line.split(None, 5)
            if fields[1].startswith("rw"):
                start, end = (int(text, 16) for text in fields[0].split("-"))
                yield start, end, fields[5].strip() if len(fields) > 5 else ""


def memory_in_use(low, high):
    """Addresses and contents of the pages between `low` and `high` that there are: most of what is
    reserved is not, and reading a page of the heap that is not there fails."""
    page, most = 4096, 1024
    inferior = gdb.selected_inferior()
    with open(f"/proc/{inferior.pid}/pagemap", "rb") as pagemap:
        for first in range(low // page, high // page, 1 << 16):
            pagemap.seek(first * 8)
            entries = pagemap.read(min(1 << 16, high // page - first) * 8)
            present = [bool(entries[i + 7] & 0xc0) for i in range(0, len(entries), 8)]
            at = 0
            while True in present[at:]:
                at = present.index(True, at)
                count = 1
                while count < most and at + count < len(present) and present[at + count]:
                    count += 1
                start = (first + at) * page
                at += count
                try:
                    yield start, inferior.read_memory(start, count * page).tobytes()
                except gdb.error:
                    continue


class WhoPointsAt(gdb.Command):
    """mmguard who-points-at ADDRESS
The words of memory that point into the block of ADDRESS: where each is, and what holds it. Registers
of the selected frame are looked at too. Freed blocks and unused parts of stacks are left out."""

    REGISTERS = "rax rbx rcx rdx rsi rdi rbp r8 r9 r10 r11 r12 r13 r14 r15".split()
    LIVE = (1, 4)  # MMGUARD_LIVE, MMGUARD_PIECE

    def __init__(self):
        super().__init__("mmguard who-points-at", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def words(self, start, size):
        """Address and value of each aligned word whose value is in the block."""
        last = start + max(size, 1) - 1
        # Within 64 KiB the upper six bytes of all pointers into the block are the same.
        patterns = [high.to_bytes(6, "little") for high in range(start >> 16, (last >> 16) + 1)]
        search = re.compile(b"|".join(re.escape(pattern) for pattern in patterns), re.DOTALL)
        for low, high, name in self.mappings:
            for at, memory in memory_in_use(low, high):
                position = 0
                while hit := search.search(memory, position):
                    position = hit.start() + 1
                    if hit.start() % WORD != 2:
                        continue
                    value = int.from_bytes(memory[hit.start() - 2:hit.start() + 6], "little")
                    if start <= value <= last:
                        yield at + hit.start() - 2, value, name

    def find_stacks(self):
        """Of each thread, what lies between its stack pointer and the end of that mapping."""
        thread, frame = gdb.selected_thread(), gdb.selected_frame()
        stacks = []
        for other in gdb.selected_inferior().threads():
            other.switch()
            pointer = int(gdb.newest_frame().read_register("rsp")) & (1 << 64) - 1
            for low, high, _name in self.mappings:
                if low <= pointer < high:
                    stacks.append((low, pointer, high, other.num))
        thread.switch()
        frame.select()
        return stacks

    def holder(self, calls, place, name):
        """What the word at `place` belongs to; None if it counts for nothing."""
        symbol = gdb.execute(f"info symbol {place:#x}", to_string=True).strip()
        if " in section " in symbol:
            variable, section = symbol.split(" in section ")
            return None if section.endswith("libguard.so") else variable
        kind, words = calls.describe(place)
        if kind:
            return words if kind in self.LIVE else None
        for low, pointer, high, number in self.stacks:
            if low <= place < high:
                return f"stack of thread {number}" if place >= pointer - RED_ZONE else None
        if calls.is_own(place):
            return None
        return name or "memory that the program mapped"

    def invoke(self, argument, _from_tty):
        address = address_of(argument)
        self.mappings = list(writable_mappings())
        self.stacks = self.find_stacks()
        frame = gdb.selected_frame()
        with Calls() as calls:
            found = calls.locate(address)
            if not found:
                raise gdb.GdbError(f"mmguard: no block of the heap is at {address:#x}")
            start, size = found
            own = calls.room()
            count = 0
            for register in self.REGISTERS:
                value = int(frame.read_register(register)) & (1 << 64) - 1
                if start <= value < start + max(size, 1):
                    print(f"register {register} points at byte {value - start}")
                    count += 1
            for place, value, name in self.words(start, size):
                if own <= place < own + MAX_FRAMES * WORD + TEXT_SIZE:
                    continue
                words = self.holder(calls, place, name)
                if not words:
                    continue
                count += 1
                if count > MAX_HOLDERS:
                    print("and more")
                    break
                print(f"{place:#x} points at byte {value - start}: {words}")
        if not count:
            print("nothing points at it")


Mmguard()
Describe()
Block()
Leaks()
WhoPointsAt()
gdb.execute("define hook-stop\npython select_program_frame()\nend")
