"""Prints numbered lines that say when they were printed: stamped_lines.py <bytes per second> <seconds> <go> <folder> <mark>.

Writes down in the folder that it is there, and waits for the file <go> to appear. A line is 100 bytes: "#", number, time in ns on the clock that processes share.
"""

import os
import random
import sys
import time

rate, seconds, go = float(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
EVERY_S = 0.01
PADDING = b"x" * 68
per_turn = max(1, round(rate * EVERY_S / 100))
with open(f"{sys.argv[4]}/{os.getpid()}", "w") as file:
    file.write(f"{time.monotonic_ns()}\n")
while not os.path.exists(go):
    time.sleep(0.05)
number = 0
# Programs that have nothing to do with each other do not print at the same moments.
time.sleep(random.random() * EVERY_S)
start = time.monotonic()
turn = 0
while turn * EVERY_S < seconds:
    now = time.monotonic_ns()
    out = b"".join(b"#%09d %019d %s\n" % (number + i, now, PADDING) for i in range(per_turn))
    number += per_turn
    while out:
        out = out[os.write(1, out) :]
    turn += 1
    time.sleep(max(0.0, start + turn * EVERY_S - time.monotonic()))
os.write(1, b"last %d\n" % number)
time.sleep(600)
