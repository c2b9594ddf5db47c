"""The page of an assessment: safe, whole, honest about what is missing, in two languages."""

import base64
import dataclasses
import hashlib
import re
from itertools import pairwise
from string import Formatter

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_links_report import pixels_like
from test_report_page import HOSTILE, Page

from assessment_factory import make_assessment
from bykobling.errors import InputError, OutputError
from bykobling.palette import GAIN_COLORS, LOSS_COLORS
from bykobling.report.assess import render_assessment, write_assessment_report
from bykobling.report.assess_cells import Cells
from bykobling.report.assess_maps import change_grades, changes_pp, proposal_maps, proposals_map
from bykobling.report.assess_story import carded, proposal_numbers, tell_assessment
from bykobling.report.assess_texts import ASSESS_TEXTS
from bykobling.report.links_texts import LINK_TEXTS
from bykobling.report.texts import TEXTS

WORDS = ("under {high}", "{low}-{high}", "{low}+", "any")


@pytest.fixture(scope="module")
def made():
    return make_assessment()


@pytest.fixture(scope="module")
def english(made):
    return render_assessment(made)


@pytest.fixture(scope="module")
def danish(made):
    return render_assessment(made, language="da")


def card_of(made, name, language="en"):
    return next(card for card in tell_assessment(made, language=language).cards if card.row.key == name)


def test_the_answer_has_the_numbers_of_the_table(made):
    answer = tell_assessment(made, language="en").answer
    bridge, closing = made.summary.loc["Bro"], made.summary.loc["Lukning"]
    assert f"With Bro, {bridge['residents_gaining']:,.0f} residents of the housing areas would reach more" in answer[0]
    assert f"{closing['residents_losing']:,.0f} residents of the housing areas would reach fewer" in answer[1]
    assert "give" not in answer[1]
    assert "worth" not in answer[1]
    assert answer[2].startswith("With Linje 9, nobody's reach on foot changes.")
    assert answer[3].startswith("With all proposals together, ")
    assert " would reach fewer." in answer[3]


def test_a_gain_is_held_against_what_its_barrier_takes(made):
    """Where the barrier effect hardly changes, it is water that is crossed."""
    told = tell_assessment(made, language="en").answer[0]
    assert "of what roads, railways and closed land take" in told
    wet = made.summary.assign(effect_after=made.summary["effect_before"] - 1e-6)
    told = tell_assessment(dataclasses.replace(made, summary=wet), language="en").answer[0]
    assert "of what water takes" in told
    assert "roads" not in told


def test_each_area_has_who_gains_who_loses_and_bars_that_fit(made):
    for name in ("Bro", "Lukning"):
        card, own = card_of(made, name), made.who[made.who["proposal"] == name]
        assert len(card.who) + card.who_left == len(own)
        assert max(row.kept_width + row.moved_width for row in card.who) == pytest.approx(100)
        assert all(row.loses == (name == "Lukning") for row in card.who)
        assert all((row.gaining is None) == (name == "Lukning") for row in card.who)
    moved = (own["residents"] * (own["reach_after"] - own["reach_before"])).abs()
    assert card.who[0].name == own.loc[moved.idxmax(), "area"]


def test_minutes_stand_with_station_and_school_first_and_no_way_is_said(made):
    ways = [row.way for row in card_of(made, "Bro").times]
    assert ways == ["Minutes on foot to a station", "Minutes on foot to a school"]
    # nobody gains a minute, nor all together what is shown
    assert card_of(made, "Bro").times_left == 1
    lost = card_of(made, "Lukning").times[0]
    assert lost.everybody == "\N{MINUS SIGN}∞"
    line = card_of(made, "Linje 9").times[0]
    assert (line.way, line.people) == ("Minutes by public transport to Nørreport", None)
    assert line.everybody.replace("\N{NO-BREAK SPACE}", " ") == "3.0 min"


def test_standards_over_which_nobody_is_moved_are_left_out(made):
    labels = [row.label for row in card_of(made, "Bro").standards]
    assert labels[0].replace("\N{NO-BREAK SPACE}", " ") == "Minutes on foot to a school: at most 15 min"
    assert labels[1:] == ["Every standard"]
    assert card_of(made, "Linje 9").standards == ()
    closing = card_of(made, "Lukning").standards[0]
    assert (closing.gaining, closing.losing, closing.before, closing.after) == (None, "30", "800", "770")


def test_measures_that_change_by_less_than_is_shown_are_counted(made):
    card = card_of(made, "Bro")
    assert [row.verdict for row in card.measures] == ["better", "better", "worse"]
    assert card.measures[0].closed.startswith("25")
    # a percentile beside its mean, minutes told above, and bicycles that reach 0.00001 places more
    assert card.measures_left == 3
    assert card.measures[0].vulnerable is not None


def test_pairs_say_what_follows_and_nothing_where_one_of_them_takes(made):
    pairs = tell_assessment(made, language="en").pairs
    assert [pair[:2] for pair in pairs] == [("1. Bro", "2. Lukning"), ("1. Bro", "3. Linje 9")]
    assert [pair[-1] for pair in pairs] == [None, "can stand in for one another"]
    assert [pair[2:5] for pair in pairs] == [
        ("+30", "+28", "\N{MINUS SIGN}2.0"), ("+60", "+45", "\N{MINUS SIGN}15"),
    ]  # fmt: skip


def test_proposals_are_numbered_as_given_and_combinations_are_not(made):
    assert proposal_numbers(made) == {"Bro": "1", "Lukning": "2", "Linje 9": "3"}
    assert list(carded(made)) == ["Bro", "Lukning", "Linje 9", "Bro + Lukning + Linje 9"]
    rows = tell_assessment(made, language="en").rows
    assert [row.number for row in rows] == ["1", "2", "3", ""]
    assert rows[0].what.startswith("bridge, ")
    assert rows[0].what.endswith("; crossing")
    assert rows[-1].name == "All proposals together"


def test_without_vulnerable_areas_nothing_is_told_of_them():
    page = Page(render_assessment(make_assessment(vulnerable=False)))
    assert "vulnerable areas against" not in page.text.lower()
    assert "vulnerable area" not in page.text.split("Side by side")[0]
    assert "nan" not in re.findall(r"\w+", page.text)


@pytest.mark.parametrize("language", ["en", "da"])
def test_hostile_names_are_text(language):
    html = render_assessment(make_assessment(hostile=HOSTILE), language=language)
    page = Page(html)
    assert "script" not in [tag for tag, _ in page.tags]
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert all(attrs["src"].startswith("data:") for tag, attrs in page.tags if tag == "img")
    assert "<script>" not in html
    assert page.text.count("{{7*7}}") > 10


@pytest.mark.parametrize("language", ["en", "da"])
def test_nothing_is_loaded_and_the_policy_lets_our_styles_in(english, danish, language):
    html = {"en": english, "da": danish}[language]
    for tag, attrs in Page(html).tags:
        assert tag not in {"link", "iframe", "object", "embed", "base", "form", "a", "script"}
        assert "style" not in attrs
        for name in ("src", "href", "xlink:href", "srcset", "action", "data"):
            assert attrs.get(name, "data:").startswith("data:")
    body = re.search("<style>(.*?)</style>", html, re.DOTALL)[1]
    assert "url(" not in body
    digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in html.replace("&#39;", "'")
    assert len(html) < 3_000_000


def test_the_same_assessment_gives_the_same_page_and_is_left_as_it_was(english, made):
    twin = make_assessment()
    assert render_assessment(twin) == english
    for name in ("summary", "areas", "residents", "who", "groups", "times", "proposals", "area_shapes"):
        pd.testing.assert_frame_equal(getattr(made, name), getattr(twin, name))


def test_both_languages_say_the_same_things():
    blanks = {
        language: {key: {name for _, name, _, _ in Formatter().parse(text)} for key, text in texts.items()}
        for language, texts in ASSESS_TEXTS.items()
    }
    assert blanks["en"] == blanks["da"]
    same = {key for key in ASSESS_TEXTS["en"] if ASSESS_TEXTS["en"][key] == ASSESS_TEXTS["da"][key]}
    assert same == {"change_first"}


def test_every_sentence_is_used_and_hides_none_of_the_other_pages():
    from importlib.resources import files

    assert not set(ASSESS_TEXTS["en"]) & (set(TEXTS["en"]) | set(LINK_TEXTS["en"]))
    room = files("bykobling.report")
    names = ("assess.py", "assess_story.py", "assess_tables.py", "templates/assess.html")
    source = "".join(room.joinpath(name).read_text(encoding="utf-8") for name in names)
    composed = ("made_", "mark_", "assess_gain", "assess_lose", "assess_both", "assess_nobody", "is_better", "is_worse")
    assert not {key for key in ASSESS_TEXTS["en"] if key not in source and not key.startswith(composed)}


def test_danish_is_danish(danish):
    assert '<html lang="da">' in danish
    text = Page(danish).text
    assert "Side om side" in text
    assert "Med Bro når" in text
    assert re.search(r"\d,\d\d %", text)
    assert "would" not in text.split("Hvad man bør vide")[0]


@given(st.lists(st.floats(-0.5, 0.5).filter(lambda value: abs(value) > 1e-6), max_size=30))
def test_classes_of_change_rise_and_hold_every_home(change):
    homes = gpd.GeoDataFrame({"reach_before": np.full(len(change), 0.5), "reach_after": 0.5 + np.array(change)})
    grades = change_grades(homes, WORDS)
    assert all(one.high <= other.low for one, other in pairwise(grades))
    assert all(one.low < one.high for one in grades)
    for value in changes_pp(homes):
        own = [one for one in grades if one.low <= value < one.high]
        assert len(own) == 1
        assert own[0].color in (GAIN_COLORS if value > 0 else LOSS_COLORS)


def test_homes_that_gain_are_green_and_homes_that_lose_are_orange(made):
    grades = change_grades(made.residents, WORDS)
    maps = proposal_maps(made, carded(made), grades)
    gains, losses = maps["Bro"].change, maps["Lukning"].change
    assert pixels_like(gains, GAIN_COLORS[-1]) > pixels_like(losses, GAIN_COLORS[-1]) == 0
    assert pixels_like(losses, LOSS_COLORS[1]) > pixels_like(gains, LOSS_COLORS[1]) == 0
    # a line has no place and moves no home
    assert "Linje 9" not in maps


def test_a_proposal_that_moves_no_home_has_a_map_of_its_place(made):
    still = dataclasses.replace(made, residents=made.residents.iloc[:0], who=made.who.iloc[:0])
    maps = proposal_maps(still, carded(still), change_grades(still.residents, WORDS))
    assert maps["Bro"].before is None
    assert "No home's reach on foot changes" in Page(render_assessment(still)).text


def test_nothing_with_a_place_is_no_map(made):
    line = dataclasses.replace(made, proposals=made.proposals[made.proposals.geometry.isna()])
    assert proposals_map(line, proposal_numbers(line), osm=False) is None
    assert "What is proposed" not in Page(render_assessment(line)).text


def test_small_numbers_are_not_rounded_to_nothing():
    cells = Cells("en")
    plain = [text.replace("\N{NO-BREAK SPACE}", " ") for text in (cells.saved(0.01), cells.saved(0.0), cells.saved(-2))]
    assert plain == ["< 0.1 min", "0.0 min", "\N{MINUS SIGN}2.0 min"]
    assert cells.saved(float("nan")) is None
    assert cells.some_count(0.2) == "<\N{NO-BREAK SPACE}1"
    assert cells.exact_share(float("nan")) is None


def test_an_earlier_page_stays_where_the_new_one_cannot_be_written(tmp_path, made):
    write_assessment_report(made, tmp_path / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    with pytest.raises(OutputError, match="cannot be written"):
        write_assessment_report(made, tmp_path / "nowhere" / "report.html")
    with pytest.raises(InputError, match="not a language"):
        write_assessment_report(made, tmp_path / "report.html", language="fr")


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "3 → 2 450 m → 600 m 700 m → 1.2 km +550 m"), ("da", "3 → 2 450 m → 600 m 700 m → 1,2 km +550 m")],
)
def test_the_card_of_a_closing_tells_how_far_apart_crossings_are(language, told):
    made = make_assessment()
    text = Page(render_assessment(made, language=language)).text.replace("\N{NO-BREAK SPACE}", " ")
    assert f"Ringbanen {told}" in " ".join(text.split())
    cards = {card.row.key: card for card in tell_assessment(made, language=language).cards}
    assert [len(card.spacing) for card in cards.values()] == [0, 2, 0, 2]
    unnamed = cards["Lukning"].spacing[1].barrier
    assert unnamed == {"en": "unnamed (railway)", "da": "uden navn (jernbane)"}[language]


def test_where_the_longest_stretch_changes_most_stands_first():
    made = make_assessment()
    much = made.spacing["barrier_id"] == "railway-2"
    row = much & (made.spacing["measure"] == "largest_gap_m")
    spacing = made.spacing.copy()
    spacing.loc[row, "change"] = -900.0
    card = tell_assessment(dataclasses.replace(made, spacing=spacing), language="en").cards[1]
    assert [one.change for one in card.spacing] == ["\N{MINUS SIGN}900\N{NO-BREAK SPACE}m", "+550\N{NO-BREAK SPACE}m"]
