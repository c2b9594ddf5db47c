"""Connections that could be built: find them, score them, choose among them."""

from __future__ import annotations

from bykobling.links.model import LinkCandidates
from bykobling.links.score import LinkGains, link_gains

__all__ = ["LinkCandidates", "LinkGains", "link_gains"]
