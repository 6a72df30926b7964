"""Runs programs one after another and tells on descriptor 3 what they cost together, as the kernel counted it.

Usage: measure.py STEPS, a JSON list of argument lists. CPU time is that of every process waited for, and of theirs; the
peak is the most memory that any single one of them held (ru_maxrss; some 14 MB, this program's own, is the floor).
"""

import json
import os
import resource
import subprocess
import sys
import time

before = resource.getrusage(resource.RUSAGE_CHILDREN)  # of whatever started python itself
started = time.monotonic()
for step in json.loads(sys.argv[1]):
    ended = subprocess.run(step, stdin=subprocess.DEVNULL).returncode
    if ended != 0:
        sys.exit(f"{step[0]} ended with {ended}")
seconds = time.monotonic() - started

used = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu_seconds = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
cost = {"seconds": seconds, "cpuSeconds": cpu_seconds, "peakBytes": used.ru_maxrss * 1024}
os.write(3, json.dumps(cost).encode())
