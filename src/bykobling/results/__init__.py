"""What runs found: tables a person, a map or another program can read."""

from __future__ import annotations

from bykobling.results.assessment import Assessment
from bykobling.results.found import FoundLinks
from bykobling.results.noise import NoiseGrid
from bykobling.results.study import Note, NoteKind, Results

__all__ = ["Assessment", "FoundLinks", "NoiseGrid", "Note", "NoteKind", "Results"]
