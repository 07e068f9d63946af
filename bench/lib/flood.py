"""Prints lines at a steady speed until it is ended: flood.py <megabytes a second>."""

import os
import sys
import time

per_second = float(sys.argv[1]) * 1e6
block = b"".join(b"[%d] Downloading package-%d (%d kB) done\n" % (n, n % 97, n * 7) for n in range(2_000))
began = time.monotonic()
printed = 0
while True:
    printed += os.write(1, block)
    ahead = printed / per_second - (time.monotonic() - began)
    if ahead > 0:
        time.sleep(ahead)
