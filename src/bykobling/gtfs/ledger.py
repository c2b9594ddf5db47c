"""What is wrong with a feed: rows left out, mended or lost with others, counted and told by their lines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bykobling import _check
from bykobling.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from bykobling.gtfs.lines import Lines

SOUND_ONLY = "or leave out what is broken: sound_only=True (in study.toml: sound_only = true)"


@dataclass(frozen=True, eq=False)
class Sheet:
    """The rows of one file that are still in use.

    Parameters
    ----------
    label : str
        ``"feed.zip/stops.txt"``.
    rows : DataFrame
        One column a column of the schema; the index counts the records of the file from 0.
    lines : Lines
        Finds the line of a record.
    ids : set of str
        Every id in the first column of the schema that has ids, of rows left out too.
    """

    label: str
    rows: pd.DataFrame
    lines: Lines
    ids: frozenset[str]

    def without(self, bad: NDArray[np.bool_]) -> Sheet:
        """Leave rows out.

        Parameters
        ----------
        bad : array of bool
            One a row.

        Returns
        -------
        Sheet
            The same sheet where there are none.
        """
        return replace(self, rows=self.rows[~bad]) if bad.any() else self


@dataclass
class Ledger:
    """Collects what is found while a feed is read; the reader settles it once.

    Parameters
    ----------
    sound_only : bool
        Whether broken rows are left out with a warning, or are errors.
    """

    sound_only: bool
    broken: list[Fault] = field(default_factory=list)
    lost: list[Fault] = field(default_factory=list)
    mended: list[Fault] = field(default_factory=list)

    def drop(
        self, sheet: Sheet, bad: NDArray[np.bool_], rule: str, remedy: str, values: Iterable[object] = ()
    ) -> Sheet:
        """Note rows that break a rule and leave them out.

        Parameters
        ----------
        sheet : Sheet
            Where they are.
        bad : array of bool
            Which rows.
        rule : str
            What they break.
        remedy : str
            What to do about it.
        values : iterable, optional
            What stands in those rows, to be quoted.

        Returns
        -------
        Sheet
            The others.
        """
        self.note(sheet, bad, rule, remedy, values)
        return sheet.without(bad)

    def note(
        self,
        sheet: Sheet,
        bad: NDArray[np.bool_],
        rule: str,
        remedy: str,
        values: Iterable[object] = (),
        *,
        done: str = "left out",
    ) -> None:
        """Note rows that break a rule; the caller leaves out what has to go.

        Parameters
        ----------
        sheet : Sheet
            Where they are.
        bad : array of bool
            Which rows.
        rule : str
            What they break.
        remedy : str
            What to do about it.
        values : iterable, optional
            What stands in those rows, to be quoted.
        done : str
            What becomes of them where the sound rows alone are used.
        """
        if not bad.any():
            return
        self._fault(sheet.label, sheet.lines.of(sheet.rows.index[bad].to_numpy()), rule + _quoted(values), remedy, done)

    def skipped(self, label: str, lines: Sequence[int], rule: str, remedy: str) -> None:
        """Note lines that never became rows.

        Parameters
        ----------
        label : str
            The file.
        lines : sequence of int
            Line numbers from 1.
        rule : str
            What they break.
        remedy : str
            What to do about it.
        """
        if lines:
            self._fault(label, lines, rule, remedy, "left out")

    def _fault(self, label: str, lines: Sequence[int], rule: str, remedy: str, done: str) -> None:
        if self.sound_only:
            self.broken.append(Fault(label, _check.rows(lines), f"{rule}; {done}", remedy, "warning"))
        else:
            self.broken.append(Fault(label, _check.rows(lines), rule, f"{remedy}, {SOUND_ONLY}"))

    def follow(self, sheet: Sheet, bad: NDArray[np.bool_], rule: str) -> Sheet:
        """Leave out rows that are only lost because of what was left out before; no fault of their own.

        Parameters
        ----------
        sheet : Sheet
            Where they are.
        bad : array of bool
            Which rows.
        rule : str
            What they lack.

        Returns
        -------
        Sheet
            The others.
        """
        self.warn(sheet, bad, f"{rule}; left out", "correct the rows named above", into=self.lost)
        return sheet.without(bad)

    def warn(
        self,
        sheet: Sheet,
        odd: NDArray[np.bool_],
        rule: str,
        remedy: str,
        values: Iterable[object] = (),
        *,
        into: list[Fault] | None = None,
    ) -> None:
        """Note rows that are odd, mended or assumed, but no reason to stop.

        Parameters
        ----------
        sheet : Sheet
            Where they are.
        odd : array of bool
            Which rows.
        rule : str
            What was found and done.
        remedy : str
            What to do about it.
        values : iterable, optional
            What stands in those rows, to be quoted.
        into : list of Fault, optional
            Where to note it.
        """
        if odd.any():
            where = _check.rows(sheet.lines.of(sheet.rows.index[odd].to_numpy()))
            (self.mended if into is None else into).append(
                Fault(sheet.label, where, rule + _quoted(values), remedy, "warning")
            )

    def settle(self) -> tuple[Fault, ...]:
        """Raise every error at once, or return every warning.

        Returns
        -------
        tuple of Fault

        Raises
        ------
        InputError
            If a rule is broken and `sound_only` is False.
        """
        _check.raise_errors(self.broken)
        return (*self.broken, *self.lost, *self.mended)

    def fail(self, found: Iterable[Fault]) -> None:
        """Stop where there is nothing to go on with, telling everything known so far.

        Parameters
        ----------
        found : iterable of Fault
            What makes the feed useless; nothing happens where there is none.

        Raises
        ------
        InputError
            With those first.
        """
        errors = list(found)
        if errors:
            raise InputError([*errors, *self.broken, *self.lost])


def _quoted(values: Iterable[object]) -> str:
    """List the first distinct values."""
    which = [str(value) for value in dict.fromkeys(values)]
    if not which:
        return ""
    more = f" and {len(which) - _check.NAMED:,} more" if len(which) > _check.NAMED else ""
    return f" ({', '.join(repr(value) for value in which[: _check.NAMED])}{more})"
