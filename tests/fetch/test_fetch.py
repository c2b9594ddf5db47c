"""Fetching a place, from a server that behaves and one that does not."""

from __future__ import annotations

import json
import tomllib

import geopandas as gpd
import osmnx as ox
import pytest
from fake_services import osm_answer, place_answer
from hypothesis import given
from hypothesis import strategies as st

from bykobling.errors import Cancelled, FetchError, InputError, OutputError
from bykobling.fetch import fetch_place
from bykobling.fetch.overpass import overpass_query
from bykobling.fetch.services import Patience
from bykobling.fetch.study_file import study_text, toml_text

QUICK = Patience(tries=3, pause_s=0.01, timeout_s=5.0)


def fetch(service, folder, **options):
    return fetch_place("Nørrebro", folder, **({"patience": QUICK} | service.urls | options))


def test_a_place_becomes_a_study(service, tmp_path):
    before = {name: getattr(ox.settings, name) for name in ("nominatim_url", "use_cache", "requests_kwargs")}
    seen = []
    fetched = fetch(service, tmp_path / "new" / "folder", progress=lambda *step: seen.append(step))
    assert json.loads(fetched.osm.read_bytes()) == osm_answer()
    areas = gpd.read_file(fetched.areas)
    assert list(areas["name"]) == ['West "quoted" <b>', "East"]
    assert list(areas["area_id"]) == ["r7", "r8"]
    assert set(areas["group"]) == {"rest"}
    study = tomllib.loads(fetched.study.read_text(encoding="utf-8"))
    assert study["title"] == "Nørrebro"
    assert study["osm"]["file"] == "osm.json"
    assert (fetched.n_areas, fetched.display_name) == (2, "Nørrebro, København, Danmark")
    assert sorted(p.name for p in fetched.osm.parent.iterdir()) == ["areas.gpkg", "osm.json", "study.toml"]
    assert seen[0][:2] == (0, 4)
    assert seen[-1][:2] == (4, 4)
    assert before == {name: getattr(ox.settings, name) for name in before}


def test_the_box_has_the_margin(service, tmp_path):
    fetch(service, tmp_path, margin_m=1500)
    question = service.asked[-1][1]["data"][0]
    south, west, north, east = map(float, question.split("[bbox:")[1].split("]")[0].split(","))
    assert 55.699 - south == pytest.approx(1500 / 111_320, rel=0.02)
    assert north - 55.711 == pytest.approx(1500 / 111_320, rel=0.02)
    assert 12.499 - west == pytest.approx(1500 / 62_750, rel=0.02)
    assert east - 12.521 == pytest.approx(1500 / 62_750, rel=0.02)


def test_members_are_asked_for_with_their_tags():
    question = overpass_query(12, 55, 13, 56)
    assert question.rstrip().endswith("(._;>;);\nout body;")
    assert "skel" not in question
    for wanted in ("highway", "railway", "building", "landuse", "coastline", "amenity", "shop", "leisure", "admin"):
        assert wanted in question


@pytest.mark.parametrize("status", [429, 504])
@pytest.mark.parametrize("door", ["nominatim", "overpass"])
def test_a_busy_service_is_asked_again(service, tmp_path, door, status):
    getattr(service, door).insert(0, (status, b"busy"))
    seen = []
    fetched = fetch(service, tmp_path, progress=lambda *step: seen.append(step[2]))
    assert fetched.osm.exists()
    assert any("busy" in message for message in seen)


@pytest.mark.parametrize("door", ["nominatim", "overpass"])
def test_busy_for_ever_gives_up(service, tmp_path, door):
    setattr(service, door, [(504, b"<html>gateway</html>")])
    with pytest.raises(FetchError, match=r"stayed busy: status 504 after 3 tries\. Remedy"):
        fetch(service, tmp_path)
    assert sum(path.startswith(f"/{door}") for path, _ in service.asked) == 3
    assert list(tmp_path.iterdir()) == []


BROKEN_OVERPASS = {
    "html": (200, b"<html><h1>It works</h1></html>", "not JSON: '<html>"),
    "empty": (200, b"", "not JSON"),
    "cut": (200, b'{"version": 0.6, "elements": [{"type": "node"', "cut off"),
    "list": (200, b"[1, 2]", "without elements"),
    "memory": (200, b'{"elements": [], "remark": "runtime error: out of memory"}', "gave up"),
    "sea": (200, b'{"elements": []}', "knows no street here"),
    "wrong address": (404, b"no", r"refused \(status 404\)"),
    "bad query": (400, b"parse error", r"refused \(status 400\)"),
}


@pytest.mark.parametrize("case", BROKEN_OVERPASS)
def test_a_useless_answer_is_told_with_service_and_remedy(service, tmp_path, case):
    status, body, words = BROKEN_OVERPASS[case]
    service.overpass = [(status, body)]
    with pytest.raises(FetchError, match=words) as caught:
        fetch(service, tmp_path / "out")
    assert "Overpass at 127.0.0.1" in str(caught.value)
    assert "Remedy:" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_server_out_of_time_counts_as_busy(service, tmp_path):
    late = b'{"elements": [], "remark": "runtime error: Query timed out in \\"query\\" at line 3"}'
    service.overpass.insert(0, (200, late))
    assert fetch(service, tmp_path).osm.exists()


def test_a_body_shorter_than_promised_is_refused(service, tmp_path):
    service.nominatim = [(200, json.dumps(place_answer()).encode())]
    fetch(service, tmp_path / "whole")

    def promise(done, _total, _message):
        if done == 1:
            service.promise_more = 100

    with pytest.raises(FetchError, match="broke off after"):
        fetch(service, tmp_path / "cut", progress=promise)
    assert not (tmp_path / "cut").exists()


def test_a_body_too_large_is_refused(service, tmp_path):
    patience = Patience(tries=1, pause_s=0.01, timeout_s=5.0, max_bytes=500)
    with pytest.raises(FetchError, match="more than 0 MB"):
        fetch(service, tmp_path / "out", patience=patience)
    assert not (tmp_path / "out").exists()


BROKEN_NOMINATIM = {
    "unknown place": (200, b"[]", "knows no place 'Nørrebro'"),
    "a point": (200, json.dumps(place_answer(kind="Point")).encode(), "only as a point"),
    "html": (200, b"<html>hello</html>", "did not answer usefully"),
    "a dict": (200, b'{"error": "x"}', "did not answer usefully"),
    "strange": (200, b'[{"importance": 1, "geojson": {"type": "Polygon"}}]', "unknown shape"),
    "forbidden": (403, b"no", "refused"),
}


@pytest.mark.parametrize("case", BROKEN_NOMINATIM)
def test_a_place_that_cannot_be_used_is_told(service, tmp_path, case):
    status, body, words = BROKEN_NOMINATIM[case]
    service.nominatim = [(status, body)]
    with pytest.raises(FetchError, match=words) as caught:
        fetch(service, tmp_path / "out")
    assert "Remedy:" in str(caught.value)
    assert "Nominatim at 127.0.0.1" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_country_is_too_large(service, tmp_path):
    ring = [[8, 54], [13, 54], [13, 57], [8, 57], [8, 54]]
    place = place_answer()
    place[0]["geojson"]["coordinates"] = [ring]
    service.nominatim = [(200, json.dumps(place).encode())]
    with pytest.raises(FetchError, match="km², more than"):
        fetch(service, tmp_path)


def test_nobody_listening(tmp_path):
    closed = "http://127.0.0.1:9"
    with pytest.raises(FetchError, match="cannot be reached"):
        fetch_place("x", tmp_path / "out", nominatim_url=closed, overpass_url=closed, patience=QUICK)


def test_stopping_leaves_nothing(service, tmp_path):
    def stop(done, _total, _message):
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetch(service, tmp_path / "out", progress=stop)
    assert not (tmp_path / "out").exists()


def test_no_boundaries_means_one_area(service, tmp_path):
    answer = osm_answer()
    answer["elements"] = [one for one in answer["elements"] if one["type"] != "relation"]
    service.overpass = [(200, json.dumps(answer).encode())]
    areas = gpd.read_file(fetch(service, tmp_path).areas)
    assert list(areas["name"]) == ["Nørrebro"]


def test_requests_that_cannot_be_are_told_at_once(service, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError) as caught:
        fetch_place(" ", tmp_path / "file", margin_m=-1, **service.urls)
    assert len(caught.value.faults) == 3
    assert service.asked == []


def test_a_study_is_never_overwritten(service, tmp_path):
    (tmp_path / "study.toml").write_text("title = 'mine'")
    with pytest.raises(InputError, match="not overwritten"):
        fetch(service, tmp_path)
    assert (tmp_path / "study.toml").read_text() == "title = 'mine'"


def test_a_folder_that_cannot_be_made(service, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot be written"):
        fetch(service, tmp_path / "file" / "inside")


def test_a_hostile_name_stays_text(service, tmp_path):
    name = 'Bad "name"\n[osm]\nfile = "/etc/passwd" {x} <b>'
    service.nominatim = [(200, json.dumps(place_answer(name=name)).encode())]
    study = tomllib.loads(fetch(service, tmp_path).study.read_text(encoding="utf-8"))
    assert study["title"] == name
    assert study["osm"]["file"] == "osm.json"


@given(st.text())
def test_any_title_is_valid_toml(title):
    text = study_text(title, date="2026-01-01", margin_m=1500, n_areas=3)
    assert tomllib.loads(text)["title"] == title.encode("utf-8", "replace").decode()
    assert tomllib.loads(f"x = {toml_text(title)}")["x"] == title.encode("utf-8", "replace").decode()
