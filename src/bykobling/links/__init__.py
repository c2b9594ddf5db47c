"""Connections that could be built: find them, score them, choose among them."""

from __future__ import annotations

from bykobling.links.candidates import find_candidates
from bykobling.links.choose import choose_links, network_with, pair_interaction
from bykobling.links.dedupe import spheres_of_influence
from bykobling.links.demand import FIELDS, Demand, demand_on, score_candidates
from bykobling.links.kinds import LINK_KINDS, LinkKind, link_kind_table, read_link_kinds
from bykobling.links.live import LinkAnswer, ask_link
from bykobling.links.model import LinkCandidates
from bykobling.links.reached import Reached, gains_by_home, reached_now
from bykobling.links.score import LinkGains, link_gains

__all__ = [
    "FIELDS",
    "LINK_KINDS",
    "Demand",
    "LinkAnswer",
    "LinkCandidates",
    "LinkGains",
    "LinkKind",
    "Reached",
    "ask_link",
    "choose_links",
    "demand_on",
    "find_candidates",
    "gains_by_home",
    "link_gains",
    "link_kind_table",
    "network_with",
    "pair_interaction",
    "reached_now",
    "read_link_kinds",
    "score_candidates",
    "spheres_of_influence",
]
