"""The page of found connections: safe, whole, honest about what is missing, in two languages."""

import dataclasses
import re
from itertools import pairwise
from string import Formatter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_report_page import HOSTILE, Page

from bykobling.errors import InputError, OutputError
from bykobling.report.links import render_links, write_links_report
from bykobling.report.links_maps import LINK_COLOR, REACH_COLORS, card_maps, gain_grades, gains
from bykobling.report.links_story import money, tell_links
from bykobling.report.links_texts import LINK_TEXTS
from bykobling.report.texts import TEXTS
from found_factory import make_found

LABELS = ("under {high}", "{low}-{high}", "{low}+")


@pytest.fixture(scope="module")
def found():
    return make_found()


@pytest.fixture(scope="module")
def english(found):
    return render_links(found)


@pytest.fixture(scope="module")
def danish(found):
    return render_links(found, language="da")


def changed(found, link_id, **values):
    links = found.links.copy()
    for column, value in values.items():
        links[column] = links[column].astype(object) if value is None else links[column]
        links.loc[link_id, column] = value
    return dataclasses.replace(found, links=links)


def row_of(found, link_id, language="en"):
    return next(row for row in tell_links(found, language=language).rows if row.link_id == link_id)


def test_the_answer_has_the_numbers_of_the_table(found, english):
    best = found.links.loc["L1"]
    each = best["gain_places"] / best["residents_gaining"]
    text = Page(english).text
    assert f"Of 12 connections, an underpass beneath {best['barrier']} at {best['at']} would give most" in text
    assert f"{best['residents_gaining']:,.0f} residents would have {each:.0f} more places within 15 minutes" in text
    assert f"Alone it would give back {best['recovered_share'] * 100:.1f} % of what barriers take" in text
    wet = changed(found, "L1", barrier_kind="water")
    assert "of what water takes" in " ".join(tell_links(wet, language="en").answer)


def test_the_best_by_another_yardstick_is_named_where_it_is_another(found):
    by_cost = found.links.index[found.links["rank_per_mdkk"] == 1][0]
    assert by_cost != "L1"
    answer = " ".join(tell_links(found, language="en").answer)
    assert f"For its cost, no. {by_cost.removeprefix('L')} would give most" in answer
    same = changed(found, list(found.links.index), rank_vulnerable=found.links["rank"].to_numpy(float))
    assert "also the one that would give the residents of vulnerable areas most" in " ".join(
        tell_links(same, language="en").answer
    )


@pytest.mark.parametrize("language", ["en", "da"])
def test_hostile_names_are_text(language):
    html = render_links(make_found(count=5, hostile=HOSTILE), language=language)
    page = Page(html)
    assert "script" not in [tag for tag, _ in page.tags]
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert all(attrs["src"].startswith("data:") for tag, attrs in page.tags if tag == "img")
    assert "<script>" not in html
    # title, answer, heading of a card, area, note, count, provenance
    assert page.text.count("{{7*7}}") > 10


@pytest.mark.parametrize("language", ["en", "da"])
def test_nothing_is_loaded_and_the_policy_lets_our_styles_in(english, danish, language):
    import base64
    import hashlib

    html = {"en": english, "da": danish}[language]
    page = Page(html)
    for tag, attrs in page.tags:
        assert tag not in {"link", "iframe", "object", "embed", "base", "form", "a", "script"}
        assert "style" not in attrs
        for name in ("src", "href", "xlink:href", "srcset", "action", "data"):
            assert attrs.get(name, "data:").startswith("data:")
    body = re.search("<style>(.*?)</style>", html, re.DOTALL)[1]
    assert "url(" not in body
    digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
    policy = next(a["content"] for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert len(html) < 5_000_000


def test_the_same_search_gives_the_same_page(english):
    assert render_links(make_found()) == english


def test_inputs_are_left_as_they_were():
    found, twin = make_found(count=4), make_found(count=4)
    render_links(found)
    for name in ("links", "areas", "sets", "interaction", "homes", "barriers", "area_shapes", "kinds"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(twin, name))


def test_both_languages_say_the_same_things():
    blanks = {
        language: {key: {name for _, name, _, _ in Formatter().parse(text)} for key, text in texts.items()}
        for language, texts in LINK_TEXTS.items()
    }
    assert set(LINK_TEXTS) == {"en", "da"}
    assert blanks["en"] == blanks["da"]
    assert not {key for key in LINK_TEXTS["en"] if LINK_TEXTS["en"][key] == LINK_TEXTS["da"][key]}


def test_every_sentence_is_used_and_hides_none_of_the_report():
    """The page joins both tables, so no key may stand in both."""
    assert not set(LINK_TEXTS["en"]) & set(TEXTS["en"])
    from importlib.resources import files

    room = files("bykobling.report")
    source = "".join(
        room.joinpath(name).read_text(encoding="utf-8")
        for name in ("links.py", "links_story.py", "links_ways.py", "templates/links.html")
    )
    composed = ("what_", "gap_", "kind_", "closer_")
    unused = {key for key in LINK_TEXTS["en"] if key not in source and not key.startswith(composed)}
    assert not unused


def test_every_count_a_search_documents_is_named_in_both_languages():
    from bykobling.links.candidates import find_candidates
    from bykobling.links.street_gaps import find_street_gaps
    from bykobling.report.links_counts import _COUNTS

    for search in (find_candidates, find_street_gaps):
        told = search.__doc__.split("counts : dict")[1].split("Notes")[0]
        keys = set(re.findall(r"``([a-z_]+)``", told))
        assert len(keys) > 5
        assert keys <= set(_COUNTS)
    assert all(english != danish for english, danish in _COUNTS.values())


def test_danish_is_danish(danish):
    html = danish
    text = Page(html).text
    assert '<html lang="da">' in html
    assert "Af 12 forbindelser giver en tunnel under" in text
    assert "mio. kr." in text
    assert re.search(r"\d,\d %", text)


def test_no_way_is_said_and_is_not_a_number(found, english):
    assert row_of(found, "L2").way_now == "no way"
    assert row_of(found, "L2", "da").way_now == "ingen vej"
    text = Page(english).text
    assert "no way →" in text
    assert not re.search(r"\binf\b(?!inite)|∞|\bnan\b", text.replace("infinite · inf", "").replace("infinite inf", ""))


def test_what_is_missing_is_a_dash_and_never_a_zero(found):
    cells = {
        "top_ten_share": "stable", "recovered_share": "recovered", "cost_dkk": "cost", "link_min": "way_then",
        "residents_gaining": "residents", "vulnerable_gaining": "vulnerable", "gain_people": "pairs",
        "rank_per_mdkk": "rank_cost", "length_m": "length", "route_min": "way_now",
    }  # fmt: skip
    whole = row_of(found, "L1")
    none_of_them = dataclasses.replace(found, links=found.links.astype(dict.fromkeys(cells, float)))
    row = row_of(changed(none_of_them, "L1", **dict.fromkeys(cells, np.nan)), "L1")
    for name in cells.values():
        assert getattr(whole, name) is not None
        assert getattr(row, name) is None
    without = changed(found, "L1", residents_gaining=np.nan)
    assert row_of(without, "L1").places_each is None
    assert "would give most. Alone it would" in " ".join(tell_links(without, language="en").answer)


def test_without_vulnerable_areas_their_part_is_not_known():
    story = tell_links(make_found(vulnerable=False), language="en")
    assert all(row.vulnerable is None for row in story.rows)
    assert all("is not known" in card.vulnerable for card in story.cards)
    assert all("vulnerable" not in card.ranks for card in story.cards)
    assert "vulnerable" not in " ".join(story.answer)


def test_a_gap_between_streets_has_no_barrier(found):
    gap = found.links.index[-2]
    row = row_of(found, gap)
    assert row.barrier is None
    assert row.at is None
    renamed = changed(found, "L1", barrier=None, barrier_id=None, at=None)
    assert "between streets" in tell_links(renamed, language="en").answer[0]


def test_a_barrier_without_a_name_is_told_by_its_kind(found):
    unnamed = changed(found, "L1", barrier=None)
    assert row_of(unnamed, "L1").barrier == "unnamed (railway)"
    assert row_of(unnamed, "L1", "da").barrier == "uden navn (jernbane)"


def test_a_kind_nobody_knows_is_told_by_its_own_word(found):
    strange = changed(found, "L1", kind="cable_car")
    assert row_of(strange, "L1").kind == "cable_car"
    assert "a connection across" in tell_links(strange, language="en").answer[0]
    # nothing says its cost is known
    assert row_of(strange, "L1").cost_assumed


def test_costs_that_were_given_are_not_called_assumed(found):
    kinds = found.kinds.assign(assumed=False)
    given_costs = dataclasses.replace(found, kinds=kinds)
    story = tell_links(given_costs, language="en")
    assert not any(row.cost_assumed for row in story.rows)
    assert "(assumed)" not in " ".join(story.answer)
    assert {row[-1] for row in story.kinds} == {"given"}
    assert {row[-1] for row in tell_links(found, language="en").kinds} == {"assumed"}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_few_or_no_connections_make_a_page(count):
    found = make_found(count=count)
    text = Page(render_links(found)).text
    if not count:
        assert "No connection was found that would bring anybody anything." in text
        assert "The best connection" not in text
    assert "Costs a metre are assumed by kind." in text
    assert text.count("too long for its kind 912") == 1


def test_more_than_the_best_are_counted_not_listed():
    story = tell_links(make_found(count=31), language="en")
    assert [row.rank for row in story.rows] == [str(rank) for rank in range(1, 26)]
    assert story.rows_left == 6
    assert len(story.cards) == 10


def test_rows_stand_by_rank_in_whatever_order_they_come(found, english):
    shuffled = dataclasses.replace(
        found, links=found.links.sample(frac=1, random_state=3), sets=found.sets.sample(frac=1, random_state=3)
    )
    assert render_links(shuffled) == english


def test_areas_of_a_card_stand_by_gain_and_the_bars_fit(found):
    for card in tell_links(found, language="en").cards:
        mine = found.areas[found.areas["link_id"] == card.row.link_id].sort_values("gain_score", ascending=False)
        assert [area.name for area in card.areas] == mine["area"].head(5).tolist()
        assert len(card.areas) + card.areas_left == len(mine)
        ends = [area.before_width + area.gain_width for area in card.areas]
        assert max(ends) == pytest.approx(100)
        assert min(area.before_width for area in card.areas) > 0


def test_an_area_with_unknown_reach_has_no_bar(found):
    areas = found.areas.copy()
    areas.loc[areas["link_id"] == "L1", "places_before"] = np.nan
    card = tell_links(dataclasses.replace(found, areas=areas), language="en").cards[0]
    assert {(area.before, area.before_width, area.gain_width) for area in card.areas} == {(None, 0.0, 0.0)}


def test_steps_tell_what_is_added_and_what_is_spent(found):
    steps = tell_links(found, language="en").sets
    assert steps[0][2:6] == ("100", "100", "100\N{NO-BREAK SPACE}%", "100")
    assert {step[4] for step in steps[1:]} == {"72\N{NO-BREAK SPACE}%"}
    spent = found.sets["total_cost_dkk"].iloc[-1]
    assert steps[-1][-1] == money(float(f"{spent:.2g}"), "en")


def test_a_cost_is_told_in_two_digits_and_a_price_as_it_is(found):
    odd = changed(dataclasses.replace(found, links=found.links.astype({"cost_dkk": float})), "L1", cost_dkk=209_595.0)
    assert row_of(odd, "L1").cost == "DKK\N{NO-BREAK SPACE}210,000"
    kinds = found.kinds.assign(dkk_per_m=12_345.0)
    assert "12.345" in tell_links(dataclasses.replace(found, kinds=kinds), language="da").kinds[0][2]


def test_pairs_say_what_follows(found):
    verdicts = [pair[-1] for pair in tell_links(found, language="en").pairs]
    assert verdicts == [
        "can stand in for one another", "overlap", "are independent", "support one another",
    ]  # fmt: skip
    signs = [pair[4][0] for pair in tell_links(found, language="en").pairs]
    assert signs == ["\N{MINUS SIGN}", "\N{MINUS SIGN}", "0", "+"]
    lost = dataclasses.replace(found, interaction=found.interaction.assign(interaction=np.nan))
    assert {pair[2:][-1] for pair in tell_links(lost, language="en").pairs} == {None}


def test_openstreetmap_is_named_where_it_was_used(english):
    assert "© OpenStreetMap contributors, ODbL" in Page(english).text
    own = dataclasses.replace(make_found(count=1), notes=(), run={})
    assert "OpenStreetMap" not in Page(render_links(own)).text


@given(st.lists(st.floats(0.01, 1e5), max_size=30), st.lists(st.floats(0, 1e4), min_size=30, max_size=30))
def test_classes_of_gain_rise_and_hold_every_home(gained, before):
    import geopandas as gpd

    homes = gpd.GeoDataFrame({"places_before": before[: len(gained)]})
    homes["places_after"] = homes["places_before"] + gained
    grades = gain_grades(homes, *LABELS)
    assert 1 <= len(grades) <= 4
    assert grades[0].low == -np.inf
    assert grades[-1].high == np.inf
    assert all(one.high == other.low for one, other in pairwise(grades))
    assert all(one.low < one.high for one in grades)
    assert len({grade.color for grade in grades}) == len(grades)
    assert len({grade.label_en for grade in grades}) == len(grades)


def test_a_home_that_gains_more_is_darker(found):
    grades = gain_grades(found.homes, *LABELS)
    light = [sum(int(grade.color[i : i + 2], 16) for i in (1, 3, 5)) for grade in grades]
    assert light == sorted(light, reverse=True)
    assert len(grades) == 4
    share = np.array([((gains(found.homes) >= g.low) & (gains(found.homes) < g.high)).mean() for g in grades])
    assert share.min() > 0.05


def test_a_map_changes_with_its_homes_and_stands_without_any(found):
    grades = gain_grades(found.homes, *LABELS)
    full = card_maps(found, ["L1"], grades)["L1"]
    empty = card_maps(dataclasses.replace(found, homes=found.homes.iloc[:0]), ["L1"], grades)["L1"]
    assert full.gain.address != empty.gain.address
    assert (full.gain.width, full.gain.height) == (340, 310)
    assert len(full.gain.address) < 400_000
    assert empty.before is None
    assert empty.after is None


def pixels_like(picture, color):
    """Count pixels of a colour, allowing for the few colours of a small picture."""
    import base64
    import io

    from PIL import Image, ImageColor

    image = Image.open(io.BytesIO(base64.b64decode(picture.address.split(",")[1]))).convert("RGB")
    return int((np.abs(np.asarray(image, int) - np.array(ImageColor.getrgb(color))).sum(axis=-1) < 16).sum())


def test_homes_get_darker_from_before_to_after_and_only_after_has_the_connection(found):
    card = card_maps(found, ["L1"], gain_grades(found.homes, *LABELS))["L1"]
    darkest = REACH_COLORS[-1]
    assert 0 < pixels_like(card.before, darkest) < pixels_like(card.after, darkest)
    assert pixels_like(card.before, LINK_COLOR) == 0
    assert pixels_like(card.after, LINK_COLOR) > 0


def test_an_earlier_page_stays_where_the_new_one_cannot_be_written(tmp_path):
    found = make_found(count=1)
    write_links_report(found, tmp_path / "links.html")
    assert [path.name for path in tmp_path.iterdir()] == ["links.html"]
    with pytest.raises(OutputError, match="cannot be written"):
        write_links_report(found, tmp_path / "nowhere" / "links.html")
    with pytest.raises(InputError, match="not a language"):
        write_links_report(found, tmp_path / "links.html", language="fr")


def test_who_gets_closer_and_how_sure_a_rank_by_cost_is_are_told_where_known(found):
    links = found.links.assign(top_ten_cost_share=0.9, school_saving=np.nan, school_saved_min=np.nan)
    links.loc["L1", ["school_saving", "school_saved_min"]] = 1234.0, 4.5
    story = tell_links(dataclasses.replace(found, links=links), language="en")
    first, other = story.cards[0], story.cards[1]
    told = first.closer.replace("\N{NO-BREAK SPACE}", " ")
    assert told == "A minute or more closer: 1,234 residents to a school (4.5 min on average)."
    assert other.closer is None
    assert "in 90" in first.ranks
    assert tell_links(found, language="en").cards[0].closer is None


WAYS = {
    "station_before_min": 12.34, "station_after_min": 11.0, "entries_400m_change": 1.0, "entries_800m_change": 1.0,
}  # fmt: skip


def told(found, language="en", **cells):
    links = found.links.assign(**dict.fromkeys(WAYS, np.nan))
    for name, value in (WAYS | cells).items():
        links.loc["L1", name] = value
    cards = tell_links(dataclasses.replace(found, links=links), language=language).cards
    return [tuple(text.replace("\N{NO-BREAK SPACE}", " ") for text in (card.station, card.entries)) for card in cards]


def test_the_walk_to_a_station_is_told_before_and_after(found):
    station = "To a station on foot: {} today, {} with it (areas' residents who have a way)."
    assert told(found)[0][0] == station.format("12.3 min", "11.0 min")
    # what is little is told with a decimal more
    assert told(found, station_after_min=12.32)[0][0] == station.format("12.34 min", "12.32 min")
    assert told(found, station_before_min=np.inf)[0][0] == station.format("no way", "11.0 min")
    same = "The walk to a station stays as it is: 12.3 min (areas' residents who have a way)."
    assert told(found, station_after_min=12.34)[0][0] == same
    assert told(found, station_after_min=12.3401)[0][0] == same
    assert told(found, "da")[0][0].endswith("12,3 min i dag, 11,0 min med den (områdernes beboere, der har en vej).")


def test_areas_with_other_ways_out_are_named_with_their_ring(found):
    name = found.entries["area"].iloc[0]
    expected = f"{name} 2 → 3 within 400 m; {name} 4 → 5 within 800 m"
    assert told(found)[0][1] == f"Ways out of areas that share no street: {expected}."
    none = dataclasses.replace(found, entries=found.entries.iloc[:0])
    assert told(none)[0][1] == "No area gets another number of ways out that share no street."
    many = pd.concat([found.entries[found.entries["ring_m"] == 400.0].head(1)] * 7, ignore_index=True)
    assert "and 2 more areas within 400 m" in told(dataclasses.replace(found, entries=many))[0][1]


def test_ways_that_are_not_known_are_said_to_be(found, english):
    first, other = told(found, station_before_min=np.nan)[0], told(found)[1]
    assert first[0] == other[0] == "How long the walk to a station is, is not known."
    assert other[1] == "How many ways lead out of areas is not known."
    text = Page(english).text
    assert text.count("How long the walk to a station is, is not known.") == 10
    assert told(found, "da")[1] == (
        "Hvor lang vejen til en station er, kendes ikke.", "Hvor mange veje der fører ud af områder, kendes ikke.",
    )  # fmt: skip
