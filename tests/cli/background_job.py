# SPDX-License-Identifier: MIT
"""background_job.py COMMAND...: runs it as a job in the background of a terminal that stops such jobs for writing. Writes what
the terminal got, and how the job ended or that it was stopped."""
import fcntl
import os
import pty
import signal
import sys
import termios

END = b"\0end\0"


def lead_session(terminal, read):
    os.setsid()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for number in range(3):
        os.dup2(terminal, number)
    modes = termios.tcgetattr(0)
    modes[3] |= termios.TOSTOP
    termios.tcsetattr(0, termios.TCSANOW, modes)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        signal.alarm(50)
        os.execvp(sys.argv[1], sys.argv[1:])
    _, status = os.waitpid(job, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        os.kill(-job, signal.SIGKILL)
        answer = b"stopped by signal %d\n" % os.WSTOPSIG(status)
    else:
        answer = b"status %d\n" % os.waitstatus_to_exitcode(status)
    os.write(1, answer + END)
    os.read(read, 1)  # a terminal whose session ends may lose what was not read yet


master, slave = pty.openpty()
read, write = os.pipe()
if os.fork() == 0:
    os.close(master)
    os.close(write)
    lead_session(slave, read)
    os._exit(0)
output = b""
while not output.endswith(END):
    output += os.read(master, 65536)
os.close(write)
sys.stdout.write(output[: -len(END)].decode().replace("\r\n", "\n"))
