"""One town in five formats, and files that are not what they say."""

from __future__ import annotations

import bz2
import gc
import gzip
import json
import random

import osmium
import pandas as pd
import pytest

from bykobling.errors import Cancelled, CrsError, InputError, ReadError
from bykobling.osm import read_osm
from bykobling.osm.scan import tags_of
from bykobling.osm.source import check_source


@pytest.fixture
def town(toy):
    for number, x, y in ((1, 0, 0), (2, 1, 0), (3, 1, 1), (4, 0, 1), (5, 2, 0)):
        toy.node(number, x, y, **({"amenity": "cafe"} if number == 5 else {}))
    toy.way(10, [1, 2, 5], highway="residential", name="Ågade & Søn")
    toy.way(11, [1, 2, 3, 4, 1], highway="pedestrian", area="yes")
    toy.way(12, [1, 2])
    toy.way(13, [2, 3, 4, 1])
    toy.relation(7, [("way", 12, "outer"), ("way", 13, "outer")], type="multipolygon", landuse="industrial")
    return toy


def overpass(toy, *, geom=False, ids=True):
    elements = [
        {"type": "node", "id": n, "lon": lon, "lat": lat, **({"tags": tags} if tags else {})}
        for n, (lon, lat, tags) in toy.nodes.items()
        if not geom or tags
    ]
    for n, refs, tags in toy.ways:
        way = {"type": "way", "id": n, "tags": tags}
        if ids:
            way["nodes"] = refs
        if geom:
            way["geometry"] = [{"lon": toy.nodes[r][0], "lat": toy.nodes[r][1]} for r in refs]
        elements.append(way)
    for n, members, tags in toy.relations:
        parts = [{"type": t, "ref": r, "role": role} for t, r, role in members]
        elements.append({"type": "relation", "id": n, "members": parts, "tags": tags})
    return {"version": 0.6, "generator": "Overpass API", "elements": elements[::-1]}


def written(toy, kind):
    text = toy.xml().encode()
    path = toy.folder / f"town.{kind}"
    if kind == "osm":
        path.write_bytes(text)
    elif kind == "osm.gz":
        path.write_bytes(gzip.compress(text))
    elif kind == "osm.bz2":
        path.write_bytes(bz2.compress(text))
    elif kind == "osm.pbf":
        with osmium.SimpleWriter(str(path)) as writer:
            for item in osmium.FileProcessor(str(toy.write("source.osm"))):
                writer.add(item)
    else:
        answer = overpass(toy, geom=kind.startswith("geom"), ids=kind != "geom-noids.json")
        path.write_text(json.dumps(answer), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["osm.pbf", "osm.gz", "osm.bz2", "json", "geom.json"])
def test_all_formats_give_the_same_tables(town, kind):
    expected, got = read_osm(written(town, "osm")), read_osm(written(town, kind))
    for name in ("streets", "barrier_features", "destinations"):
        left, right = getattr(expected, name), getattr(got, name)
        pd.testing.assert_frame_equal(
            pd.DataFrame(left.drop(columns="geometry")), pd.DataFrame(right.drop(columns="geometry"))
        )
        assert left.geometry.geom_equals_exact(right.geometry, 0.001).all()
    assert set(got.streets["name"].dropna()) == {"Ågade & Søn"}
    assert got.barrier_features["osm_type"].tolist() == ["relation"]


def test_python_looks_for_cycles_again_after_reading(town, tmp_path):
    seen = []
    read_osm(written(town, "osm"), progress=lambda *_: seen.append(gc.isenabled()))
    assert seen
    assert not any(seen)
    assert gc.isenabled()
    damaged = tmp_path / "damaged.osm"
    damaged.write_text("<osm version='0.6'><node")
    with pytest.raises(ReadError):
        read_osm(damaged)
    assert gc.isenabled()


def test_answers_without_node_ids_are_joined_by_position(town):
    got = read_osm(written(town, "geom-noids.json")).streets
    assert got["length_m"].sum() == pytest.approx(read_osm(written(town, "osm")).streets["length_m"].sum())


def test_inputs_in_another_crs_and_progress(town):
    path, told = written(town, "osm"), []
    extract = read_osm(path, crs=25832, progress=lambda done, total, message: told.append((done, total, message)))
    assert extract.crs.to_epsg() == 25832
    assert {table.crs.to_epsg() for table in (extract.streets, extract.barrier_features)} == {25832}
    assert told[-1][:2] == (5, 5)
    with pytest.raises(CrsError, match="not projected"):
        read_osm(path, crs=4326)

    def stop(*_):
        raise Cancelled

    with pytest.raises(Cancelled):
        read_osm(path, progress=stop)


# What each door must refuse, and the words that must be told.
BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]>
<osm version="0.6"><node id="1" lat="1" lon="1"><tag k="name" v="&lol2;"/></node></osm>"""


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.osm.pbf", b"not a map at all", "not an OSM PBF"),
        ("a.osm.pbf", b"", "empty"),
        ("a.osm", b"", "empty"),
        ("a.osm", b"hello", "no <osm> element"),
        ("a.osm", b"<html><body/></html>", "root element is <html>"),
        ("a.osm", BOMB.encode(), "entities"),
        ("a.osm", b"<!--" + b"x" * 70_000 + b"-->" + BOMB.encode(), "entities"),
        ("a.osm.gz", gzip.compress(BOMB.encode()), "entities"),
        ("a.osm.bz2", bz2.compress(BOMB.encode()), "entities"),
        ("a.osm", BOMB.encode("utf-16"), "UTF-8"),
        ("a.osm", b" " * (2 << 20), "no <osm> element"),
        ("a.osm.gz", b"not gzip", "damaged"),
        ("a.osm.gz", gzip.compress(b"<osm version='0.6'></osm>" * 1000)[:-20], "damaged"),
        ("a.osm.gz", gzip.compress(b"<osm version='0.6'>" + b" " * (40 << 20) + b"</osm>"), "no street map does"),
        ("a.osm.bz2", bz2.compress(b"<osm version='0.6'>" + b" " * (40 << 20) + b"</osm>"), "no street map does"),
        ("a.osm", b"<osm version='0.6'><node id='1' lat='1", "damaged"),
        ("a.json", b"[1, 2]", "Overpass answer"),
        ("a.json", b'{"elements": [', "not whole JSON"),
        ("a.json", b'{"type": "FeatureCollection", "features": []}', "no Overpass answer"),
        ("a.json", b'{"elements": [], "remark": "runtime error: Query timed out after 25 s"}', "timed out after 25 s"),
        ("a.json", b'{"a":' * 200_000, "not whole JSON"),
        ("a.txt", b"hello", "unknown kind"),
    ],
)
def test_hostile_files_are_refused_by_name(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReadError, match=words) as caught:
        read_osm(path)
    assert name in str(caught.value)
    assert "Remedy: " in str(caught.value)


@pytest.mark.parametrize("path", ["https://example.org/a.osm.pbf", "/vsicurl/a.osm", "nowhere.osm.pbf", "."])
def test_only_local_files_are_opened(path):
    with pytest.raises(ReadError, match="Remedy"):
        check_source(path)


def test_a_truncated_pbf_is_told(real, tmp_path):
    whole = real("monaco/monaco.osm.pbf").read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReadError, match=r"cut\.osm\.pbf: the file is damaged, cut short"):
        read_osm(cut)


@pytest.mark.parametrize("kind", ["osm", "json"])
def test_an_extract_without_streets_is_told(toy, kind):
    toy.node(1, 0, 0, amenity="cafe")
    with pytest.raises(InputError, match=r"there is no street in it.*highway"):
        read_osm(written(toy, kind))


def test_nonsense_in_an_answer_is_counted_and_left_out(town):
    answer = overpass(town)
    answer["elements"] += [
        {"type": "node", "id": 100, "lat": 55.7},
        {"type": "node", "id": 101, "lat": "x", "lon": 12},
        {"type": "node", "id": 102, "lat": 95.0, "lon": 12},
        {"type": "node", "id": -5, "lat": 55.7, "lon": 12.5},
        {"type": "node", "id": 2**70, "lat": 55.7, "lon": 12.5},
        {"type": "way", "id": 103},
        {"type": "way", "id": 104, "nodes": [1]},
        {"type": "relation", "id": 105, "members": "many"},
        {"type": "count"},
        "text",
    ]
    answer["elements"].append({"type": "way", "id": 110, "nodes": [5, 999], "tags": {"highway": "path"}})
    path = town.folder / "odd.json"
    path.write_text(json.dumps(answer), encoding="utf-8")
    extract = read_osm(path)
    assert any(note.startswith("10 elements of odd.json") for note in extract.notes)
    assert any("1 vertices" in note for note in extract.notes)
    assert 110 not in set(extract.streets["osm_id"])


def test_ids_out_of_range_in_xml_are_told(tmp_path):
    path = tmp_path / "ids.osm"
    path.write_text(
        "<osm version='0.6'><node id='99999999999999999999' version='1' lat='1' lon='1'/></osm>", encoding="utf-8"
    )
    with pytest.raises(ReadError, match=r"ids\.osm: the file is damaged"):
        read_osm(path)


@pytest.mark.parametrize(
    "body",
    [
        (
            "<way id='3'><nd ref='1'/><nd ref='2'/><tag k='highway' v='path'/></way>"
            "<node id='1' lat='55.7' lon='12.5'/><node id='2' lat='55.7' lon='12.6'/>"
        ),
        (
            "<node id='-1' lat='55.7' lon='12.5'/><node id='-2' lat='55.7' lon='12.6'/>"
            "<way id='-3'><nd ref='-1'/><nd ref='-2'/><tag k='highway' v='path'/></way>"
        ),
    ],
)
def test_streets_without_their_nodes_are_told(tmp_path, body):
    path = tmp_path / "odd.osm"
    path.write_text(f"<osm version='0.6'>{body}</osm>", encoding="utf-8")
    with pytest.raises((InputError, ReadError), match=r"odd\.osm.*(osmium sort|damaged)"):
        read_osm(path)


def test_tags_are_copied_whole_however_many_there_are(tmp_path):
    rng = random.Random(4)
    keys = ["building", "source", "wall", "highway", "name", "natural", "name:da", "ref"]
    wanted = [[(key, rng.choice("abc")) for key in rng.choices(keys, k=rng.randrange(6))] for _ in range(2_000)]
    with osmium.SimpleWriter(str(tmp_path / "tags.osm.pbf")) as writer:
        for number, tags in enumerate(wanted, 1):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=(1.0, 1.0), tags=tags))
    found = [tags_of(item) for item in osmium.FileProcessor(str(tmp_path / "tags.osm.pbf"))]
    # of a key that stands there twice the last counts
    assert found == [dict(tags) for tags in wanted]
    assert any(len(dict(tags)) < len(tags) for tags in wanted)
