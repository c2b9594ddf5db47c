"""Toy OSM files drawn on a grid: one unit is 0.001 degrees (about 111 m north, 63 m east at 55.7 N)."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"


class Toy:
    """Collects nodes, ways and relations and writes them as OSM XML."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.nodes: dict[int, tuple[float, float, dict[str, str]]] = {}
        self.ways: list[tuple[int, list[int], dict[str, str]]] = []
        self.relations: list[tuple[int, list[tuple[str, int, str]], dict[str, str]]] = []
        self.box: tuple[float, float, float, float] | None = None

    def node(self, number: int, x: float, y: float, **tags: str) -> int:
        self.nodes[number] = (12.5 + x * 0.001, 55.7 + y * 0.001, tags)
        return number

    def way(self, number: int, refs: list[int], **tags: str) -> int:
        self.ways.append((number, refs, tags))
        return number

    def relation(self, number: int, members: list[tuple[str, int, str]], **tags: str) -> int:
        self.relations.append((number, members, tags))
        return number

    def xml(self) -> str:
        def tag(tags: dict[str, str]) -> str:
            # a double underscore stands for the colon of keys such as oneway:bicycle
            return "".join(f"<tag k={quoteattr(k.replace('__', ':'))} v={quoteattr(v)}/>" for k, v in tags.items())

        out = ["<?xml version='1.0' encoding='UTF-8'?>", "<osm version='0.6'>"]
        if self.box:
            west, south, east, north = self.box
            out.append(
                f"<bounds minlon='{12.5 + west * 0.001}' minlat='{55.7 + south * 0.001}' "
                f"maxlon='{12.5 + east * 0.001}' maxlat='{55.7 + north * 0.001}'/>"
            )
        for number, (lon, lat, tags) in sorted(self.nodes.items()):
            out.append(f"<node id='{number}' version='1' lon='{lon:.7f}' lat='{lat:.7f}'>{tag(tags)}</node>")
        for number, refs, tags in sorted(self.ways):
            nodes = "".join(f"<nd ref='{ref}'/>" for ref in refs)
            out.append(f"<way id='{number}' version='1'>{nodes}{tag(tags)}</way>")
        for number, members, tags in sorted(self.relations):
            parts = "".join(f"<member type='{t}' ref='{r}' role='{role}'/>" for t, r, role in members)
            out.append(f"<relation id='{number}' version='1'>{parts}{tag(tags)}</relation>")
        return "\n".join([*out, "</osm>"])

    def write(self, name: str = "toy.osm") -> Path:
        path = self.folder / name
        path.write_text(self.xml(), encoding="utf-8")
        return path


@pytest.fixture
def toy(tmp_path):
    return Toy(tmp_path)


@pytest.fixture
def real():
    def find(path: str) -> Path:
        file = REAL / path
        if not file.exists():
            pytest.skip(f"{file} is absent")
        return file

    return find
