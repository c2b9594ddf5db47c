"""Known truth: a bridge that is taken away is asked for again."""

from __future__ import annotations

import pytest

from tests.real.removed_links import LINKS, MAIN, table
from tests.real.studies import DATA

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not (DATA / "copenhagen").is_dir(), reason="no ../shared/data beside the project"),
]


def test_what_was_taken_away_is_among_the_three_best_of_its_barrier(tmp_path):
    found = table(tmp_path).set_index("link")["found"]
    assert len(found) == len(LINKS) == 16
    assert found[list(MAIN)].sum() >= 8
    # those not found have another way near by, or no city beyond: see the table of removed_links
    assert found.sum() >= 11
