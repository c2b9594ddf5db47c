"""What is told of a connection in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from bykobling.study.model import Language

GIVEN: dict[Language, str] = {
    "en": "Kind is assumed; cost is from your table.",
    "da": "Art er antaget; pris er fra din tabel.",
}
ASSUMED: dict[Language, str] = {
    "en": "Kind and cost are assumed.",
    "da": "Art og pris er antaget.",
}
_REASONS: dict[Language, dict[str, str]] = {
    "en": {
        "no_way": "There is no way {by} from one end to the other today; {link:.1f} min with the connection.",
        "round": "{route:.0f} min {by} from one end to the other today; {link:.1f} min with the connection.",
        "gain": " {people:,.0f} residents reach on average {more:.1f} more places within {minutes:g} min.",
        "walk": "on foot",
        "bike": "by bicycle",
    },
    "da": {
        "no_way": "Der er i dag ingen vej {by} fra ende til ende; {link:.1f} min. med forbindelsen.",
        "round": "{route:.0f} min. {by} fra ende til ende i dag; {link:.1f} min. med forbindelsen.",
        "gain": " {people:,.0f} beboere når i gennemsnit {more:.1f} flere steder inden for {minutes:g} min.",
        "walk": "til fods",
        "bike": "på cykel",
    },
}


def reason(row: dict[Any, Any], minutes: float, mode: str, language: Language) -> str:
    """Tell in a sentence or two why a connection pays here.

    Parameters
    ----------
    row : dict
        Of `FoundLinks.links`.
    minutes : float
        Cut-off.
    mode : {"walk", "bike"}
        How residents move.
    language : {"en", "da"}
        Of the sentence.

    Returns
    -------
    str
    """
    text = _REASONS[language]
    first = text["round" if np.isfinite(row["route_min"]) else "no_way"]
    gaining = row["residents_gaining"]
    return first.format(by=text[mode], route=row["route_min"], link=row["link_min"]) + text["gain"].format(
        people=gaining, more=row["gain_places"] / gaining if gaining else 0.0, minutes=minutes
    )
