"""What each count of a search means, in both languages; a count nobody named here is told by its own word."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bykobling.palette import Language

# English, Danish
_COUNTS = {
    "chords": ("Straight ways across barriers, about every 25 m", "Lige veje over barrierer, for omtrent hver 25 m"),
    "no_street": ("left out: no street on one of the sides", "udeladt: ingen gade på en af siderne"),
    "blocked": ("left out: a building or second barrier in the way", "udeladt: en bygning eller barriere mere i vejen"),
    "off_limits": ("left out: not across this kind of barrier", "udeladt: ikke over denne art barriere"),
    "too_long": ("left out: longer than its kind may be", "udeladt: længere end dens art må være"),
    "one_place": ("left out: both ends at one place", "udeladt: begge ender er samme sted"),
    "small_detour": ("left out: the way there is now is hardly a detour", "udeladt: vejen nu er næppe en omvej"),
    "at_edge": ("left out: near the edge of the map", "udeladt: nær kortets kant"),
    "at_bridge": ("left out: beside a bridge or tunnel", "udeladt: ved siden af en bro eller tunnel"),
    "little_saved": ("left out: saves little time", "udeladt: sparer kun lidt tid"),
    "double": ("left out: joins the same two places as another", "udeladt: forbinder de samme to steder som en anden"),
    "beside": ("left out: beside a better placed one", "udeladt: ved siden af en bedre placeret"),
    "across": ("Possible connections across barriers", "Mulige forbindelser over barrierer"),
    "gap_pairs": ("Pairs of streets near each other", "Par af gader nær hinanden"),
    "gap_longer": ("left out: too far apart, or touching", "udeladt: for langt fra hinanden, eller de mødes"),
    "gap_barrier": ("left out: a barrier between them", "udeladt: en barriere imellem"),
    "gap_building": ("left out: a building between them", "udeladt: en bygning imellem"),
    "gap_edge": ("left out: near the edge of the map (streets)", "udeladt: nær kortets kant (gader)"),
    "gap_small_detour": ("left out: the way round is short", "udeladt: vejen udenom er kort"),
    "gap_double": ("left out: joins the same places as another", "udeladt: forbinder samme steder som et andet hul"),
    "gap_beside": ("left out: beside a better placed gap", "udeladt: ved siden af et bedre placeret hul"),
    "street_gaps": ("Possible connections between streets", "Mulige forbindelser mellem gader"),
    "no_resident_gains": ("left out: no resident gains a place", "udeladt: ingen beboer får et sted mere"),
    "beside_a_better_one": ("left out: within reach of a better one", "udeladt: inden for rækkevidde af en bedre"),
    "ranked": ("Connections ranked", "Forbindelser rangordnet"),
}  # fmt: skip


def in_order(keys: Iterable[str]) -> list[str]:
    """Put counts in the order of the search: what was looked at, what each filter left out, what was found.

    Parameters
    ----------
    keys : iterable of str
        Of `FoundLinks.counts`.

    Returns
    -------
    list of str
        Those that are not known here come last, as they came.

    Examples
    --------
    >>> in_order(["moon", "ranked", "street_gaps", "gap_pairs"])
    ['gap_pairs', 'street_gaps', 'ranked', 'moon']
    """
    place = {key: number for number, key in enumerate(_COUNTS)}
    return sorted(keys, key=lambda key: place.get(key, len(place)))


def count_text(key: str, language: Language) -> str:
    """Say what a count of a search is of.

    Parameters
    ----------
    key : str
        Of `FoundLinks.counts`.
    language : {"en", "da"}
        Language of the text.

    Returns
    -------
    str
        The key itself, in words, where it is not known here.

    Examples
    --------
    >>> count_text("ranked", "da"), count_text("gap_on_the_moon", "da")
    ('Forbindelser rangordnet', 'gap on the moon')
    """
    return _COUNTS[key][language == "da"] if key in _COUNTS else key.replace("_", " ")
