"""The programs bykobling starts itself leave what they held to the system."""

import subprocess
import sys

PROGRAM = """
import atexit, gc
atexit.register(lambda: print("left alone:", gc.get_freeze_count() > 1000))
from bykobling._garbage import look_seldom
look_seldom()
print("rarely:", gc.get_threshold()[0] >= 1_000_000, "so far:", gc.get_freeze_count())
"""


def test_nothing_is_looked_through_at_the_end():
    # what is registered last is called first, so the first to register sees what came of it
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == ["rarely: True so far: 0", "left alone: True"]
