"""The side of a process that stays and answers each line of standard input with a line (see bench/support/peer.ts)."""

import resource
import sys
import time


def answer(**questions):
    """Calls the function that a line names with what follows the name; knows `peak` (MB) by itself."""
    for line in sys.stdin:
        name, *argument = line.strip().split(" ", 1)
        print({"peak": peak_mb, **questions}[name](*argument), flush=True)


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def milliseconds(work):
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000
