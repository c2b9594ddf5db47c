"""An Overpass answer in JSON, turned into a temporary PBF so that one reader serves all formats."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import osmium

from bykobling.errors import ReadError

if TYPE_CHECKING:
    from pathlib import Path

MAX_JSON_BYTES = 400 << 20
"""Above this the parsed text would not fit a laptop's memory."""
MAX_ID = 1 << 40
"""OSM ids are about 2**34 today."""
_SYNTHETIC = MAX_ID
"""Ids from here on are given to vertices that come without one (``out geom`` without ``nodes``)."""


class _Answer:
    """The elements of an answer, sorted by kind, nonsense counted."""

    def __init__(self) -> None:
        self.nodes: dict[int, tuple[float, float, dict[str, str]]] = {}
        self.ways: dict[int, tuple[list[int], dict[str, str]]] = {}
        self.relations: dict[int, tuple[list[tuple[str, int, str]], dict[str, str]]] = {}
        self.ids_at: dict[tuple[float, float], int] = {}
        self.nonsense = 0

    def node_at(self, point: object) -> int | None:
        """Give the id of the node at a position, a new one where there is none."""
        place = _position(point)
        if place is None:
            return None
        if place not in self.ids_at:
            self.ids_at[place] = _SYNTHETIC + len(self.ids_at)
            self.nodes[self.ids_at[place]] = (*place, {})
        return self.ids_at[place]


def to_pbf(file: Path, target: Path) -> tuple[str, ...]:
    """Write an Overpass answer as a sorted PBF.

    Parameters
    ----------
    file : Path
        The answer: ``out body`` with its nodes, ``out geom``, or both. Vertices without a node id get one by their
        exact position.
    target : Path
        The PBF to write.

    Returns
    -------
    tuple of str
        Sentences about what was left out.

    Raises
    ------
    ReadError
        If it is not an Overpass answer, or one that the server cut short (`remark`).
    """
    elements = _load(file)
    answer = _Answer()
    # nodes first, then ways: positions without an id must find the real node where there is one
    for kind, take in (("node", _take_node), ("way", _take_way), ("relation", _take_relation)):
        for element in elements:
            if isinstance(element, dict) and element.get("type") == kind and not take(answer, element):
                answer.nonsense += 1
    known = {"node", "way", "relation"}
    answer.nonsense += sum(not isinstance(e, dict) or e.get("type") not in known for e in elements)
    _write(answer, target)
    if answer.nonsense:
        return (f"{answer.nonsense} elements of {file.name} had no usable id, position or content and were left out.",)
    return ()


def _load(file: Path) -> list[Any]:
    if file.stat().st_size > MAX_JSON_BYTES:
        raise ReadError(
            f"{file.name}: {file.stat().st_size >> 20} MB of JSON is more than fits the memory "
            f"({MAX_JSON_BYTES >> 20} MB). Remedy: use an .osm.pbf extract."
        )
    try:
        answer = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ReadError(
            f"{file.name}: not whole JSON ({error}). Remedy: ask Overpass again with [out:json]."
        ) from error
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        raise ReadError(f"{file.name}: JSON without a list of elements, so no Overpass answer. Remedy: [out:json].")
    remark = answer.get("remark")
    if isinstance(remark, str) and ("error" in remark.lower() or "timed out" in remark.lower()):
        raise ReadError(
            f"{file.name}: Overpass cut the answer short ({remark}). "
            "Remedy: ask for a smaller area, or raise [timeout:] and [maxsize:]."
        )
    return list(answer["elements"])


def _id(element: dict[str, Any], key: str = "id") -> int | None:
    value = element.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < MAX_ID else None


def _position(point: object) -> tuple[float, float] | None:
    if not isinstance(point, dict):
        return None
    lon, lat = point.get("lon"), point.get("lat")
    if not isinstance(lon, int | float) or not isinstance(lat, int | float):
        return None
    return (float(lon), float(lat)) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


def _tags(element: dict[str, Any]) -> dict[str, str]:
    tags = element.get("tags")
    return {str(k): str(v) for k, v in tags.items()} if isinstance(tags, dict) else {}


def _take_node(answer: _Answer, element: dict[str, Any]) -> bool:
    number, place = _id(element), _position(element)
    if number is None or place is None:
        return False
    tags = _tags(element)
    if tags or number not in answer.nodes:
        answer.nodes[number] = (*place, tags)
    answer.ids_at.setdefault(place, number)
    return True


def _take_way(answer: _Answer, element: dict[str, Any]) -> bool:
    number = _id(element)
    if number is None:
        return False
    refs = element.get("nodes")
    shape = element.get("geometry")
    if isinstance(refs, list):
        kept = [ref for ref in refs if isinstance(ref, int) and 0 < ref < MAX_ID]
        if isinstance(shape, list) and len(shape) == len(refs) == len(kept):
            for ref, point in zip(kept, shape, strict=True):
                place = _position(point)
                if place is not None:
                    answer.nodes.setdefault(ref, (*place, {}))
                    answer.ids_at.setdefault(place, ref)
    elif isinstance(shape, list):
        kept = [found for point in shape if (found := answer.node_at(point)) is not None]
    else:
        return False
    tags = _tags(element)
    if len(kept) < 2:
        return False
    if tags or number not in answer.ways:
        answer.ways[number] = (kept, tags)
    return True


def _take_relation(answer: _Answer, element: dict[str, Any]) -> bool:
    number, members = _id(element), element.get("members")
    if number is None or not isinstance(members, list):
        return False
    kept = []
    for member in members:
        if not isinstance(member, dict) or member.get("type") not in {"node", "way", "relation"}:
            continue
        ref = _id(member, "ref")
        if ref is None:
            continue
        if member["type"] == "way" and ref not in answer.ways and isinstance(member.get("geometry"), list):
            refs = [node for point in member["geometry"] if (node := answer.node_at(point)) is not None]
            if len(refs) >= 2:
                answer.ways[ref] = (refs, {})
        kept.append((str(member["type"])[0], ref, str(member.get("role", ""))))
    answer.relations[number] = (kept, _tags(element))
    return True


def _write(answer: _Answer, target: Path) -> None:
    mutable = osmium.osm.mutable
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for number in sorted(answer.nodes):
            lon, lat, tags = answer.nodes[number]
            writer.add_node(mutable.Node(id=number, location=(lon, lat), tags=tags, version=1))
        for number in sorted(answer.ways):
            refs, tags = answer.ways[number]
            writer.add_way(mutable.Way(id=number, nodes=refs, tags=tags, version=1))
        for number in sorted(answer.relations):
            members, tags = answer.relations[number]
            writer.add_relation(mutable.Relation(id=number, members=members, tags=tags, version=1))
