"""How a number or a kind is coloured and named: one literal table that maps, report and QGIS styles all read.

Every ramp is told apart in greyscale and with the common colour-vision deficiencies, and "missing" is always a
class of its own, never the lowest one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isnan
from typing import Literal

Language = Literal["en", "da"]


@dataclass(frozen=True)
class Grade:
    """One class of a graduated legend, from ``low`` (included) up to ``high`` (excluded).

    Parameters
    ----------
    low, high : float
        Limits in the unit of the number; the last class of a ramp holds everything from ``low`` on.
    color : str
        ``#rrggbb``.
    label_en, label_da : str
        What a legend says.
    """

    low: float
    high: float
    color: str
    label_en: str
    label_da: str

    def label(self, language: Language) -> str:
        """Give the legend text in a language.

        Parameters
        ----------
        language : {"en", "da"}
            Language of the text.

        Returns
        -------
        str
            One of the two labels.
        """
        return self.label_da if language == "da" else self.label_en


@dataclass(frozen=True)
class KindStyle:
    """Colour and name of one kind of thing.

    Parameters
    ----------
    kind : str
        Value in the table.
    color : str
        ``#rrggbb``.
    label_en, label_da : str
        What a legend says.
    """

    kind: str
    color: str
    label_en: str
    label_da: str

    def label(self, language: Language) -> str:
        """Give the legend text in a language.

        Parameters
        ----------
        language : {"en", "da"}
            Language of the text.

        Returns
        -------
        str
            One of the two labels.
        """
        return self.label_da if language == "da" else self.label_en


EFFECT_GRADES = (
    Grade(-inf, 0.02, "#fff4dc", "under 2 %", "under 2 %"),
    Grade(0.02, 0.05, "#fdd9a0", "2\N{EN DASH}5 %", "2\N{EN DASH}5 %"),
    Grade(0.05, 0.10, "#f9b066", "5\N{EN DASH}10 %", "5\N{EN DASH}10 %"),
    Grade(0.10, 0.20, "#e77f41", "10\N{EN DASH}20 %", "10\N{EN DASH}20 %"),
    Grade(0.20, 0.40, "#bb4a26", "20\N{EN DASH}40 %", "20\N{EN DASH}40 %"),
    Grade(0.40, inf, "#6f1d1b", "40 % or more", "40 % eller mere"),
)
EFFECT_MISSING = KindStyle("missing", "#e4e6e8", "not measured", "ikke målt")

BURDEN_GRADES = (
    Grade(-inf, 50.5, "#ffffff", "better off than half of the residents", "bedre stillet end halvdelen af beboerne"),
    Grade(50.5, 75, "#fdeecf", "worse off than half", "dårligere stillet end halvdelen"),
    Grade(75, 90, "#f9b066", "worse off than three in four", "dårligere stillet end tre ud af fire"),
    Grade(90, inf, "#e77f41", "worse off than nine in ten", "dårligere stillet end ni ud af ti"),
)
"""An area among the residents of the city, 0 (best off) to 100; where all are alike, all stand at 50."""

DETOUR_GRADES = (
    Grade(-inf, 1.5, "#4393c3", "up to 1.5 times", "op til 1,5 gange"),
    Grade(1.5, 3.0, "#f2c14e", "1.5\N{EN DASH}3 times", "1,5\N{EN DASH}3 gange"),
    Grade(3.0, 5.0, "#e07b39", "3\N{EN DASH}5 times", "3\N{EN DASH}5 gange"),
    Grade(5.0, inf, "#a3241c", "over 5 times", "over 5 gange"),
)
DETOUR_NO_WAY = KindStyle("no_way", "#1a1a1a", "no way across", "ingen vej over")
DETOUR_NOTHING = KindStyle("nothing", "#c3c8cc", "no street beside it", "ingen gade ved siden af")

BARRIER_KINDS = (
    KindStyle("road", "#6b7280", "Big road", "Stor vej"),
    KindStyle("railway", "#1f2933", "Railway", "Jernbane"),
    KindStyle("water", "#9cc7e0", "Water", "Vand"),
    KindStyle("land", "#b5ad8d", "Closed or unbuilt land", "Lukket eller ubebygget areal"),
    KindStyle("user", "#7b4ea3", "Added by the user", "Tilføjet af brugeren"),
)
CROSSING_KINDS = (
    KindStyle("bridge", "#0b6e4f", "Bridge", "Bro"),
    KindStyle("underpass", "#5e3c99", "Underpass", "Tunnel"),
    KindStyle("level_crossing", "#b2182b", "Level crossing", "Jernbaneoverskæring"),
    KindStyle("signal", "#0072b2", "Signal", "Lyskryds"),
    KindStyle("zebra", "#ffffff", "Zebra crossing", "Fodgængerfelt"),
    KindStyle("refuge", "#e69f00", "Refuge island", "Midterhelle"),
    KindStyle("unmarked", "#9aa0a6", "Unmarked", "Uafmærket"),
    KindStyle("none", "#e4e6e8", "Not allowed", "Ikke tilladt"),
)
TRANSIT_MODES = (
    KindStyle("bus", "#0072b2", "Bus", "Bus"),
    KindStyle("tram", "#009e73", "Tram or light rail", "Sporvogn eller letbane"),
    KindStyle("subway", "#8e2a8b", "Metro", "Metro"),
    KindStyle("rail", "#b2182b", "Train", "Tog"),
    KindStyle("ferry", "#17a2c4", "Ferry", "Færge"),
    KindStyle("other", "#8c6d1f", "Other", "Andet"),
)
TRANSIT_MODE_OF = {
    "bus": "bus", "trolleybus": "bus", "coach": "bus", "tram": "tram", "cable_tram": "tram", "subway": "subway",
    "monorail": "subway", "rail": "rail", "ferry": "ferry",
}  # fmt: skip
"""How the modes of a timetable are drawn; all others as ``"other"``."""
VULNERABLE_COLOR = "#0b4f8a"

GAIN_COLORS = ("#cfe6d3", "#86c79b", "#34946a", "#0b5138")
LOSS_COLORS = ("#fbe0c8", "#f2ab70", "#cd6a2b", "#7a3305")
"""What a connection gives and takes, little first; told apart from each other by a red-green blind eye too."""

NOISE_GRADES = (
    Grade(-inf, 50, "#cee4cc", "under 50 dB", "under 50 dB"),
    Grade(50, 55, "#e2f2bf", "50\N{EN DASH}55 dB", "50\N{EN DASH}55 dB"),
    Grade(55, 60, "#f3c683", "55\N{EN DASH}60 dB", "55\N{EN DASH}60 dB"),
    Grade(60, 65, "#e87e4d", "60\N{EN DASH}65 dB", "60\N{EN DASH}65 dB"),
    Grade(65, 70, "#cd463e", "65\N{EN DASH}70 dB", "65\N{EN DASH}70 dB"),
    Grade(70, 75, "#a11a4d", "70\N{EN DASH}75 dB", "70\N{EN DASH}75 dB"),
    Grade(75, inf, "#75085c", "75 dB or more", "75 dB eller mere"),
)
"""Bands of the Environmental Noise Directive, in the colours of Weninger (2015), which unlike the older ones of
ISO 1996-2 and DIN 18005 rise evenly and are told apart by everybody (A color scheme for the presentation of sound
immission in maps, Euronoise 2015)."""
NOISE_BELOW = KindStyle(
    "below_lowest", "#f4f7f5", "below the lowest level mapped", "under det laveste niveau på kortet"
)
NOISE_UNKNOWN = KindStyle("unknown", "#e4e6e8", "not known", "ikke kendt")


def grade_of(value: float, grades: tuple[Grade, ...]) -> Grade | None:
    """Find the class a number falls in.

    Parameters
    ----------
    value : float
        The number; may be infinite.
    grades : tuple of Grade
        Classes in rising order.

    Returns
    -------
    Grade or None
        None for a missing number.

    Examples
    --------
    >>> grade_of(0.5, EFFECT_GRADES).label_en
    '40 % or more'
    """
    if isnan(value):
        return None
    return next((grade for grade in grades if value < grade.high), grades[-1])


def kind_style(kind: str, styles: tuple[KindStyle, ...]) -> KindStyle:
    """Find the style of a kind; the last of the table for an unknown one.

    Parameters
    ----------
    kind : str
        Value in the table.
    styles : tuple of KindStyle
        The table.

    Returns
    -------
    KindStyle
        Its colour and name.

    Examples
    --------
    >>> kind_style("railway", BARRIER_KINDS).label_da
    'Jernbane'
    """
    return next((style for style in styles if style.kind == kind), styles[-1])
