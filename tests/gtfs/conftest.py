"""Real feeds beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture
def real():
    def find(path: str) -> Path:
        file = REAL / path
        if not file.exists():
            pytest.skip(f"{file} is absent")
        return file

    return find
