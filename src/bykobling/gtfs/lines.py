"""Which line of a file a record stands on, as a text editor counts: asked only when something is wrong."""

from __future__ import annotations

import csv
import io
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bykobling.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_END = "\x00end"


class Lines:
    r"""Finds lines by walking through the file once more, slowly.

    Parameters
    ----------
    content : bytes
        The file, in UTF-8.
    cells : int
        Number of cells in its header.

    Examples
    --------
    >>> Lines(b"a,b\n1,2\n\n'x',3\n4\n5,6\n", cells=2, label="toy.txt").of(np.array([0, 2]))
    [2, 6]
    """

    def __init__(self, content: bytes, *, cells: int, label: str) -> None:
        self._content = content
        self._label = label
        self._cells = cells

    def of(self, records: NDArray[np.int64]) -> list[int]:
        """Return the line each record begins on.

        Parameters
        ----------
        records : array of int
            Places among the records with the right number of cells, from 0.

        Returns
        -------
        list of int
            Lines from 1.
        """
        return [int(line) for line in self._walked[0][records]]

    @property
    def ragged(self) -> list[int]:
        """Lines of the records with too few or too many cells."""
        return [int(line) for line in self._walked[1]]

    @property
    def unclosed(self) -> int | None:
        """Line on which a quote opens that nothing closes, None where there is none."""
        if self._content.count(b'"') % 2 == 0:
            return None
        last = 1
        for line, cells in self._records(f"\n{_END}"):
            if cells == [_END]:
                return None
            last = line
        return last

    @cached_property
    def _walked(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        good, ragged = [], []
        header = True
        for line, cells in self._records():
            blank = len(cells) != self._cells and not "".join(cells).strip()
            if blank and len(cells) <= 1:
                continue
            if header:
                header = False
            elif len(cells) == self._cells:
                good.append(line)
            else:
                ragged.append(line)
        return np.array(good, np.int64), np.array(ragged, np.int64)

    def _records(self, more: str = "") -> Iterator[tuple[int, list[str]]]:
        """Yield every record with the line it begins on, blank lines included."""
        text = io.StringIO(self._content.decode("utf-8-sig") + more, newline="")
        reader = csv.reader(text)
        before = 0
        try:
            for cells in reader:
                yield before + 1, cells
                before = reader.line_num
        except csv.Error as error:
            raise ReadError(
                f"{self._label}, row {before + 1}: it cannot be told where its cells end ({error}). "
                "Remedy: close the quote in it."
            ) from error
