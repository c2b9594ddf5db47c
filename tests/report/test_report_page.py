"""The report: safe, whole, honest about what is missing, in two languages."""

import dataclasses
import errno
import re
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import numpy as np
import pandas as pd
import pytest

from bykobling.errors import InputError, OutputError
from bykobling.palette import DETOUR_GRADES, EFFECT_GRADES, grade_of
from bykobling.report import write_report
from bykobling.report.map_tables import MapTables
from bykobling.report.maps import severance_map, transit_map
from bykobling.report.numbers import Numbers
from bykobling.report.page import render
from bykobling.report.texts import TEXTS
from results_factory import make_results, with_transit

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}} $x_$"
VOID = {"meta", "img", "br", "hr", "link", "input"}


class Page(HTMLParser):
    """Collect text and attributes; fail on a tag that does not close."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.texts = [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.texts.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.texts))


@pytest.fixture(scope="module")
def results():
    return make_results()


@pytest.fixture(scope="module")
def english(results):
    return render(results)


def test_the_answer_has_the_numbers_of_the_tables(results, english):
    worst = results.areas.loc[results.areas["barrier_effect_walk_15min"].idxmax()]
    text = Page(english).text
    lost = f"{worst['barrier_effect_walk_15min'] * 100:.0f} %"
    assert f"In {worst['name']}, residents lose {lost} of the places they could reach on foot in 15 minutes" in text
    assert f"the largest share ({worst['top_barrier_share'] * 100:.0f} %) to Ringbanen" in text
    assert "Of everything the city loses to barriers, Ringbanen takes 58 %." in text


def test_the_most_cut_off_area_is_named_where_it_is_not_vulnerable():
    results = make_results()
    areas = results.areas.copy()
    areas.loc["a01", "barrier_effect_walk_15min"] = 0.9
    text = Page(render(dataclasses.replace(results, areas=areas))).text
    assert "In Mjølnerparken, residents lose" in text
    assert "The most cut-off area of all is Titanparken (90 %)." in text


@pytest.mark.parametrize("language", ["en", "da"])
def test_hostile_names_are_text(language):
    html = render(make_results(hostile=HOSTILE), language=language)
    page = Page(html)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert all(attrs["src"].startswith("data:") for tag, attrs in page.tags if tag == "img")
    assert "<script>alert" not in html
    assert "{{7*7}}" in page.text
    assert "alert(1)" in page.text


@pytest.mark.parametrize("language", ["en", "da"])
def test_nothing_is_loaded_from_anywhere(results, language):
    page = Page(render(results, language=language))
    for tag, attrs in page.tags:
        assert tag not in {"link", "iframe", "object", "embed", "base", "form", "a"}
        for name in ("src", "href", "xlink:href", "srcset", "action", "data"):
            assert attrs.get(name, "data:").startswith("data:")
        assert "style" not in attrs  # the policy would block it
    policy = next(a["content"] for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "url(" not in render(results, language=language).split("</style>")[0]


def test_the_policy_lets_our_own_blocks_in(english):
    import base64
    import hashlib

    for tag in ("style", "script"):
        body = re.search(f"<{tag}>(.*?)</{tag}>", english, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in english


def test_the_same_results_give_the_same_page(english):
    assert render(make_results()) == english


def test_both_languages_say_the_same_things():
    blanks = {
        language: {key: {name for _, name, _, _ in Formatter().parse(text)} for key, text in texts.items()}
        for language, texts in TEXTS.items()
    }
    assert set(TEXTS) == {"en", "da"}
    assert blanks["en"] == blanks["da"]
    same = {key for key in TEXTS["en"] if TEXTS["en"][key] == TEXTS["da"][key]}
    assert not same


def test_danish_is_danish(results):
    html = render(results, language="da")
    text = Page(html).text
    assert '<html lang="da">' in html
    assert "I Mjølnerparken mister beboerne" in text
    assert re.search(r"\d,\d %", text)
    assert "Difference" not in text


def test_missing_is_never_zero(english):
    text = Page(english).text
    row = text[text.index("All areas, the most cut off first") :]
    assert re.search(r"\u2013 Hørgården rest [\d,]+( not measured){5} \u2013", row)
    assert re.search(r"\u2013 Den tomme grund rest 0( no residents){5} \u2013", row)
    assert "< 0.1 %" in text


def test_edges_are_marked(english):
    text = Page(english).text
    assert "Sjælør † 30 %" in text
    assert "† The data end near this area" in text


def test_no_edge_no_explanation(results):
    inland = dataclasses.replace(results, areas=results.areas.assign(edge_affected_share=0.0))
    assert "†" not in Page(render(inland)).text


def test_without_a_vulnerable_group_the_comparison_is_not_available():
    text = Page(render(make_results(vulnerable=False))).text
    # one sentence says why, instead of a table of blanks
    assert "not available" not in text
    assert "No area is marked as vulnerable" in text
    assert "In the vulnerable areas the loss is" not in text
    assert "In Mjølnerparken, residents lose" in text


def test_without_a_rest_the_comparison_is_not_available(results):
    gaps = results.gaps.assign(rest=np.nan, gap_abs=np.nan, gap_ratio=np.nan)
    all_in = dataclasses.replace(results, areas=results.areas.assign(group="vulnerable"), gaps=gaps)
    assert "there is no rest to compare with" in Page(render(all_in)).text


def test_no_effect_anywhere():
    results = make_results(effects=False)
    quiet = dataclasses.replace(results, barriers=results.barriers.assign(all_lost_reach_share=np.nan))
    text = Page(render(quiet)).text
    assert "No area was found to lose any" in text
    assert "No barrier takes reach from any area." in text


def test_nothing_measured(results):
    areas = results.areas.drop(columns=[name for name in results.areas if name.startswith("barrier_effect")])
    bare = dataclasses.replace(
        results, areas=areas, gaps=results.gaps.iloc[:0], shares=results.shares.iloc[:0], notes=(), run={}
    )
    text = Page(render(bare)).text
    assert "No area could be measured" in text
    assert "Nothing was assumed" in text
    assert "OpenStreetMap" not in text


def test_one_area_only():
    text = Page(render(make_results(rows=0))).text
    assert "the most cut-off area" in text
    assert "1. Mjølnerparken" in text


def test_empty_tables_still_make_a_page(results):
    names = ("areas", "residents", "barriers", "crossings", "severance", "streets", "shares", "gaps", "unlinked")
    empty = dataclasses.replace(results, **{name: getattr(results, name).iloc[:0] for name in names})
    text = Page(render(empty)).text
    assert "No area could be measured" in text
    assert "No barrier was sampled" in text


def test_estimated_residents_are_called_so(results, english):
    assert "Residents (estimated)" not in english
    guessed = dataclasses.replace(results, residents=results.residents.assign(tier="buildings"))
    text = Page(render(guessed)).text
    assert "Residents (estimated)" in text
    assert "read them as weights" in text


def test_many_barriers_become_others(results):
    shares = pd.concat(
        [results.shares.iloc[:1].assign(barrier=f"Barrier {i}", barrier_share=0.1) for i in range(10)],
        ignore_index=True,
    )
    text = Page(render(dataclasses.replace(results, shares=shares))).text
    assert "Barrier 4 10 %" in text
    assert "others 50 %" in text


def test_a_heavy_map_becomes_a_picture(results, monkeypatch):
    from bykobling.report import _drawing

    assert severance_map(MapTables.of(results), osm=True).address.startswith("data:image/svg+xml;")
    monkeypatch.setattr(_drawing, "_MAX_VECTOR_POINTS", 10)
    picture = severance_map(MapTables.of(results), osm=True)
    assert picture.address.startswith("data:image/png;")
    assert len(picture.address) < 1_500_000


def test_it_is_written_and_small(results, tmp_path):
    path = tmp_path / "report.html"
    write_report(results, path, language="da")
    assert path.stat().st_size < 1_500_000
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [item.name for item in tmp_path.iterdir()] == ["report.html"]


def test_a_full_disk_leaves_the_earlier_report(results, tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("earlier")

    def full(self, *_args, **_kwargs):
        self.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match=r"No space left.*untouched.*Remedy"):
        write_report(results, path)
    assert path.read_text() == "earlier"
    assert [item.name for item in tmp_path.iterdir()] == ["report.html"]


def test_a_missing_folder_is_told(results, tmp_path):
    with pytest.raises(OutputError, match="choose a folder that exists"):
        write_report(results, tmp_path / "no" / "report.html")


def test_an_unknown_language_is_told(results, tmp_path):
    with pytest.raises(InputError, match="'fr' is not a language"):
        write_report(results, tmp_path / "report.html", language="fr")


@pytest.mark.parametrize(
    ("value", "english", "danish"),
    [
        (0.0, "0 %", "0 %"),
        (0.0004, "< 0.1 %", "< 0,1 %"),
        (0.0123, "1.2 %", "1,2 %"),
        (0.0996, "10 %", "10 %"),
        (0.09949, "9.9 %", "9,9 %"),
        (0.61, "61 %", "61 %"),
        (1.0, "100 %", "100 %"),
    ],
)
def test_shares_are_rounded_with_sense(value, english, danish):
    assert Numbers("en").share(value).replace("\xa0", " ") == english
    assert Numbers("da").share(value).replace("\xa0", " ") == danish


def test_other_numbers():
    assert Numbers("en").points(0.041) == "+4.1"
    assert Numbers("da").points(-0.041) == "\N{MINUS SIGN}4,1"
    assert Numbers("en").points(0.0001) == "0.0"
    assert Numbers("da").count(12345) == "12.345"
    assert Numbers("en").ratio(float("inf")) == "∞"
    assert Numbers("en").length(float("nan")) == "\N{EN DASH}"


@pytest.mark.parametrize("grades", [EFFECT_GRADES, DETOUR_GRADES])
def test_classes_leave_no_gap(grades):
    assert [grade.high for grade in grades[:-1]] == [grade.low for grade in grades[1:]]
    for grade in grades[1:]:
        assert grade_of(grade.low, grades) is grade
    assert grade_of(float("nan"), grades) is None
    assert grade_of(float("inf"), grades) is grades[-1]


def test_public_transport_is_told_with_its_day_and_its_worst_areas(results):
    served = with_transit(results)
    text = Page(render(served)).text
    assert (
        "Timetable: rejseplanen.zip, on Tuesday 12 May 2026 (the busiest usual weekday), leaving home between 08:00 "
        "and 09:00; 12,345 trips that day."
    ) in text
    section = text.split("The areas that reach fewest residents")[1].split("PTAL bands run from")[0]
    people = served.areas["people_transit_45min"].dropna().sort_values()
    worst = served.areas.loc[people.index[:5], "name"].tolist()
    places = [section.index(name) for name in worst]
    assert places == sorted(places)
    assert served.areas.loc[people.index[5], "name"] not in section
    assert f"{people.iloc[0]:,.0f}" in section
    assert "Average of all residents" in section
    assert "not published by anybody" not in text
    assert "assumed" not in section
    danish = Page(render(served, language="da")).text
    assert "tirsdag 12. maj 2026 (den travleste almindelige hverdag)" in danish
    assert "12.345 ture den dag" in danish


def test_assumed_public_transport_is_marked_wherever_it_is_told(results):
    html = render(with_transit(results, assumed=True))
    text = Page(html).text
    assert (
        "No timetable: the lines are those of OpenStreetMap, on any day, leaving home between 08:00 and 09:00." in text
    )
    assert "not published by anybody" in text
    assert html.count('<span class="tag">assumed</span>') == 4
    for heading in (
        "Public transport",
        "Lines and stops by mode",
        "Departures an hour from a stop",
        "fewest residents",
    ):
        assert f"{heading} assumed" in text


def test_modes_are_drawn_and_explained(results):
    served = with_transit(results)
    text = Page(render(served)).text
    legend = text.split("Lines and stops by mode")[1].split("Departures an hour from a stop")[0]
    assert legend.split()[:3] == ["Bus", "Metro", "Ferry"]
    picture = transit_map(MapTables.of(served), osm=True)
    assert picture is not None
    assert picture == transit_map(MapTables.of(served), osm=True)
    assert transit_map(MapTables.of(results), osm=True) is None


def test_without_public_transport_there_is_no_section(results):
    assert "PTAL" not in render(results)


@pytest.mark.parametrize("language", ["en", "da"])
def test_hostile_stops_and_feeds_are_text(language):
    html = render(with_transit(make_results(hostile=HOSTILE), hostile=HOSTILE), language=language)
    assert "<script>alert" not in html
    assert "{{7*7}}" in Page(html).text
