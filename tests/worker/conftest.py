"""One worker for each room of tests, on the toy town of the study tests."""

from __future__ import annotations

import pytest
from tests.study.test_run import TOML, areas, town
from tests.worker.client import Client


@pytest.fixture(scope="module")
def worker():
    client = Client()
    yield client
    assert client.stop() == 0


@pytest.fixture(scope="session")
def toy(tmp_path_factory):
    """The toy town in a folder with a space and letters of its own."""
    folder = tmp_path_factory.mktemp("toy") / "Ældre by"
    folder.mkdir()
    (folder / "town.osm").write_text(town(), encoding="utf-8")
    areas().to_file(folder / "areas.geojson")
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    return folder
