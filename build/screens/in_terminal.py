"""Runs a command in a terminal of its own and prints all that it wrote: in_terminal.py <columns> <rows> <command...>"""

import fcntl
import os
import pty
import struct
import sys
import termios

columns, rows, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.execvp(command[0], command)
while True:
    try:
        written = os.read(terminal, 65536)
    except OSError:  # the last process has closed it
        break
    if not written:
        break
    sys.stdout.buffer.write(written)
os.waitpid(child, 0)
