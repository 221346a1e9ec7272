# SPDX-License-Identifier: MIT
"""Runs a command on a terminal: terminal.py COLUMNS COMMAND... Writes what the terminal got, on standard output."""
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import threading

# A terminal that its last user closes may lose what was not read yet. This end stays open, and says when all was read.
END = b"\0end of the command\0"

master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, int(sys.argv[1]), 0, 0))
command = subprocess.Popen(sys.argv[2:], stdin=slave, stdout=slave, stderr=slave, start_new_session=True)


def mark_end():
    command.wait()
    os.write(slave, END)


threading.Thread(target=mark_end).start()
output = b""
while not output.endswith(END):
    output += os.read(master, 65536)
sys.stdout.buffer.write(output[: -len(END)].replace(b"\r\n", b"\n"))
sys.stdout.buffer.flush()
sys.exit(command.wait())
