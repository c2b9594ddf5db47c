"""The slow walk that finds lines agrees with the fast parser on what a record is."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import BykoblingError
from bykobling.gtfs.ledger import Ledger
from bykobling.gtfs.schema import Column, File
from bykobling.gtfs.table import read_sheet

TWO = File("two.txt", (Column("a", "text"), Column("b", "text")))
pieces = st.sampled_from(["a", "1", ",", ",", '"', '""', "\n", "\n", "\r\n", "\r", " ", "é"])


@settings(max_examples=400, deadline=None)
@given(st.lists(pieces, max_size=40))
def test_records_and_lines_agree(body):
    content = ("a,b\n" + "".join(body)).encode()
    try:
        sheet = read_sheet(TWO, content, "f/two.txt", Ledger(sound_only=True))
    except BykoblingError:
        return
    assert len(sheet.lines._walked[0]) == len(sheet.rows)
    lines = sheet.lines.of(np.arange(len(sheet.rows)))
    assert lines == sorted(lines)
    # a record's line holds the beginning of its first cell
    text = content.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for line, value in zip(lines, sheet.rows["a"], strict=True):
        begins = value.split("\n")[0].split("\r")[0].strip()
        if '"' not in "".join(body):
            assert text[line - 1].split(",")[0].strip() == begins
