"""Prints so many bytes of lines as fast as they are taken, and writes down when it began: print_bytes.py <bytes> <folder> <mark> [once]."""

import os
import sys
import time

wanted = int(sys.argv[1])
lines = b"".join(b"[%d] Downloading package-%d (%d kB) done\n" % (n, n % 97, n * 7) for n in range(20_000))
with open(f"{sys.argv[2]}/{os.getpid()}", "w") as file:
    file.write(f"{time.monotonic_ns()}\n")
left = memoryview(lines)
while wanted > 0:
    written = os.write(1, left[: min(len(left), wanted, 65536)])
    wanted -= written
    left = left[written:] or memoryview(lines)
os.write(1, b"the end\n")
if sys.argv[-1] != "once":
    time.sleep(600)
