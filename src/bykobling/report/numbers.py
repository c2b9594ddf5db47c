"""Numbers as a reader wants them, in both languages."""

from __future__ import annotations

from math import isfinite, isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bykobling.palette import Language

_SPACE = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"


class Numbers:
    r"""Write numbers in a language.

    Parameters
    ----------
    language : {"en", "da"}
        Decides the decimal mark and the thousands mark.

    Examples
    --------
    >>> Numbers("da").share(0.0834).replace("\xa0", " ")
    '8,3 %'
    """

    def __init__(self, language: Language) -> None:
        self._danish = language == "da"

    def _marks(self, text: str) -> str:
        """Swap decimal and thousands marks for Danish."""
        return text.translate(str.maketrans(",.", ".,")) if self._danish else text

    def share(self, value: float) -> str:
        """Write a share (0-1) as percent: one decimal below ten; a trace is told as such."""
        if value == 0:
            return f"0{_SPACE}%"
        if 0 < value < 0.001:
            return self._marks(f"<{_SPACE}0.1{_SPACE}%")
        return f"{self._percent(value)}{_SPACE}%"

    def points(self, value: float) -> str:
        """Write a difference of two shares as signed percentage points, without a unit."""
        text = self._percent(abs(value))
        if text in {"0.0", "0,0"}:
            return text
        return f"{'+' if value > 0 else _MINUS}{text}"

    def value(self, value: float, unit: str) -> str:
        """Write a number in its unit.

        Parameters
        ----------
        value : float
            Finite or infinite.
        unit : str
            A unit of `bykobling.indicators.Indicator`.

        Returns
        -------
        str
            With the unit, where it has a short one.
        """
        if not isfinite(value):
            return "∞"
        if unit == "share":
            return self.share(value)
        if unit in {"m", "m2"}:
            return self.length(value) if unit == "m" else f"{self._rounded(value / 10_000)}{_SPACE}ha"
        suffix = {"pct": f"{_SPACE}%", "min": f"{_SPACE}min", "s": f"{_SPACE}s", "db": f"{_SPACE}dB"}.get(unit, "")
        if unit in {"ratio", "index", "per_1000"}:
            return self._marks(f"{value:.2f}")
        return f"{self._rounded(value)}{suffix}"

    def difference(self, value: float, unit: str) -> str:
        """Write a difference with its sign, in the unit; of shares in percentage points.

        Parameters
        ----------
        value : float
            Finite or infinite.
        unit : str
            A unit of `bykobling.indicators.Indicator`.

        Returns
        -------
        str
            Without a sign where it rounds to nothing.
        """
        if unit == "share":
            return f"{self.points(value)}{_SPACE}pp"
        text = self.value(abs(value), "pp" if unit == "pct" else unit)
        text += f"{_SPACE}pp" if unit == "pct" else ""
        if not any(digit in text for digit in "123456789∞"):
            return text
        return f"{'+' if value > 0 else _MINUS}{text}"

    def _rounded(self, value: float) -> str:
        """Write whole numbers from ten on, one decimal below."""
        return self._marks(f"{value:,.0f}" if round(abs(value), 1) >= 10 else f"{value:.1f}")

    def _percent(self, value: float) -> str:
        percent = value * 100
        text = f"{percent:.0f}" if round(abs(percent), 1) >= 10 else f"{percent:.1f}"
        return self._marks(text).replace("-", _MINUS)

    def count(self, value: float) -> str:
        """Write a whole number with thousands marks."""
        return self._marks(f"{value:,.0f}")

    def ratio(self, value: float) -> str:
        """Write a ratio with one decimal; an infinite one as the sign."""
        return self._marks(f"{value:.1f}") if isfinite(value) else "∞"

    def length(self, value: float) -> str:
        """Write metres as kilometres from one on."""
        if isnan(value):
            return "\N{EN DASH}"
        return f"{self._marks(f'{value / 1000:.1f}')}{_SPACE}km" if value >= 1000 else f"{value:.0f}{_SPACE}m"
