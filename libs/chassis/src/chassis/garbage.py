"""The cyclic garbage collector, told what a service's process is like.

What a process loads at its start lasts until its end, and most of what a portion of work makes (rows, events, calls) is
freed by its reference counts. With Python's own thresholds a chunk's objects have the collector look through everything
that was ever loaded, at a fifth to a quarter of a worker's CPU time (docs/decisions/0082).
"""

import gc

OBJECTS_BETWEEN_LOOKS = 20_000
"""So many more objects made than freed, and the young ones are looked through."""
LOOKS_BETWEEN_DEEPER_ONES = (20, 100)


def leave_the_lasting_alone() -> None:
    """Never look through what is there now again, and look for garbage less often. Called once what lasts is made."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS, *LOOKS_BETWEEN_DEEPER_ONES)
