"""What a process loaded at its start is not looked through again, and garbage is still found."""

import subprocess
import sys

LOOK = """
import gc, weakref
from chassis import garbage

class Ring:
    def __init__(self):
        self.itself = self

lasting = [[number] for number in range(10_000)]
garbage.leave_the_lasting_alone()
looked_through = gc.get_objects()
assert not any(one is lasting for one in looked_through), "the lasting is looked through"

lost = weakref.ref(Ring())
kept = []
while lost() is not None:
    kept += [[] for _ in range(1_000)]
    assert len(kept) < 200_000, "a ring is never found"
assert len(kept) > 2_000, "the collector looks as often as before"
"""


def test_the_lasting_is_left_alone_and_rings_are_still_found() -> None:
    looked = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=False)
    assert (looked.returncode, looked.stderr) == (0, "")
