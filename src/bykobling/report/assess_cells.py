"""Numbers of an assessment as its page writes them."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from bykobling.report._cells import number_of
from bykobling.report.numbers import Numbers

if TYPE_CHECKING:
    from bykobling.palette import Language

_SPACE = "\N{NO-BREAK SPACE}"
_TRACE = 0.0005


class Cells:
    r"""Write cells of any table; None stays None.

    Parameters
    ----------
    language : {"en", "da"}
        Decides marks and signs.

    Examples
    --------
    >>> Cells("en").exact_share(0.04453).replace("\xa0", " ")
    '4.45 %'
    >>> Cells("da").saved(1.25).replace("\xa0", " ")
    '1,2 min'
    """

    def __init__(self, language: Language) -> None:
        self.language, self.numbers = language, Numbers(language)

    def count(self, value: Any) -> str | None:  # noqa: ANN401 - a cell of any table
        """Write a whole number."""
        number = number_of(value)
        return None if number is None else self.numbers.count(number)

    def some_count(self, value: Any) -> str | None:  # noqa: ANN401 - a cell of any table
        """Write a number of people, nothing for nobody; a part of a person is told as less than one."""
        number = number_of(value)
        if number is None or number == 0:
            return None
        return f"<{_SPACE}1" if number < 0.5 else self.numbers.count(number)

    def share(self, value: Any) -> str | None:  # noqa: ANN401 - a cell of any table
        """Write a share."""
        number = number_of(value)
        return None if number is None else self.numbers.share(number)

    def exact_share(self, value: Any) -> str | None:  # noqa: ANN401 - a cell of any table
        """Write a share with a decimal more than usual, since what a proposal changes is small."""
        number = number_of(value)
        if number is None or not isfinite(number):
            return None if number is None else "∞"
        text = f"{100 * abs(number):.{2 if abs(number) < 0.0995 else 1}f}"
        sign = "\N{MINUS SIGN}" if number < 0 and text.strip("0.") else ""
        return f"{sign}{self._marks(text)}{_SPACE}%"

    def signed_share(self, value: Any) -> str | None:  # noqa: ANN401 - a cell of any table
        """Write a share that may be below zero; a trace of one is nothing."""
        number = number_of(value)
        if number is None or number >= 0:
            return self.share(value)
        if number > -_TRACE:
            return f"{self._marks('0.0')}{_SPACE}%"
        return f"\N{MINUS SIGN}{self.numbers.share(-number)}"

    def saved(self, value: Any) -> str | None:  # noqa: ANN401 - a cell of any table
        """Write minutes saved; what is lost has a sign."""
        number = number_of(value)
        if number is None:
            return None
        if not isfinite(number):
            return "∞" if number > 0 else "\N{MINUS SIGN}∞"
        text = self.numbers.value(abs(number), "min")
        if abs(number) < 0.05:
            text = f"<{_SPACE}{self._marks('0.1')}{_SPACE}min" if number else text
        return f"\N{MINUS SIGN}{text}" if number < 0 else text

    def value(self, value: Any, unit: str) -> str | None:  # noqa: ANN401 - a cell of any table
        """Write a number in a unit of the catalogue."""
        number = number_of(value)
        if number is None:
            return None
        return self.exact_share(number) if unit == "share" else self.numbers.value(number, unit)

    def _marks(self, text: str) -> str:
        return text.translate(str.maketrans(",.", ".,")) if self.language == "da" else text
