"""A second process gives the answers this one would, and where it cannot, this one gives them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bykobling import _second
from bykobling._second import Second
from bykobling.errors import Cancelled, InputError
from tests import second_works

WORKS = second_works.__name__


@pytest.fixture
def second(monkeypatch):
    monkeypatch.setattr(_second, "_cores", lambda: 2)
    with Second() as made:
        yield made


@pytest.fixture
def alone(monkeypatch):
    monkeypatch.setattr(_second, "_cores", lambda: 1)
    with Second() as made:
        yield made


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_another_process_answers_whatever_is_printed_meanwhile(second):
    (first, there), (other, same) = (second.ask(f"{WORKS}:doubled", n).result() for n in (21, 4))
    assert (first, other) == (42, 8)
    assert there == same != os.getpid()


def test_a_new_process_goes_on_where_one_was_renewed(second):
    before = second.ask(f"{WORKS}:doubled", 1)
    second.renew()
    after = second.ask(f"{WORKS}:doubled", 2)
    assert (before.result()[0], after.result()[0]) == (2, 4)
    assert len({before.result()[1], after.result()[1], os.getpid()}) == 3
    assert gone(before.result()[1])


def test_leaving_while_it_is_renewed_leaves_none(monkeypatch):
    monkeypatch.setattr(_second, "_cores", lambda: 2)
    started, start = [], _second._started

    def slowly(scrap):
        time.sleep(0.2)
        started.append(start(scrap))
        return started[-1]

    with Second() as second:
        assert second.ask(f"{WORKS}:doubled", 1).result()[0] == 2
        monkeypatch.setattr(_second, "_started", slowly)
        second.renew()
        time.sleep(0.05)
    assert [one.returncode is not None for one in started] == [True]


def test_on_one_core_this_process_answers(alone):
    assert alone.ask(f"{WORKS}:doubled", 21).result() == (42, os.getpid())


def test_what_is_asked_ahead_is_worked_out_once(second, tmp_path):
    path = tmp_path / "count"
    ahead = second.ask(f"{WORKS}:counted", path)
    assert second.answer(f"{WORKS}:counted", path) == 1
    assert ahead.result() == 1
    # its answer was taken: who asks now asks anew, each time
    assert [second.answer(f"{WORKS}:counted", path) for _ in range(3)] == [2, 3, 4]


def test_what_is_offered_is_done_there_or_not_at_all(second, tmp_path, caplog):
    path = tmp_path / "count"
    second.offer(f"{WORKS}:counted", path)
    second.offer(f"{WORKS}:refused")
    # nobody waits for it, so who asks gets an answer of their own
    assert second.answer(f"{WORKS}:counted", path) == 2
    assert not caplog.text
    second.offer(f"{WORKS}:dies_elsewhere", os.getpid())
    second.offer(f"{WORKS}:counted", path)
    assert second.answer(f"{WORKS}:counted", path) == 3
    assert not second.apart
    assert "its work is done in this one" in caplog.text


def test_on_one_core_what_is_offered_is_left(alone, tmp_path):
    path = tmp_path / "count"
    alone.offer(f"{WORKS}:counted", path)
    assert alone.answer(f"{WORKS}:counted", path) == 1


def test_how_far_it_is_is_told(second, monkeypatch):
    monkeypatch.setattr(_second, "_LOOK_EVERY_S", 0.01)
    told = []
    second.answer(f"{WORKS}:doubled", 1, progress=lambda *how_far: told.append(how_far))
    assert told[-1] == (1, 2, "half way")


def test_an_error_comes_back_with_its_faults(second):
    with pytest.raises(InputError) as raised:
        second.ask(f"{WORKS}:refused").result()
    assert [fault.file for fault in raised.value.faults] == ["a.gpkg", "b.gpkg"]
    assert "in refused" in raised.value.__notes__[0]


def test_an_error_that_cannot_come_is_raised_here(second, caplog):
    with pytest.raises(second_works.StubbornError):
        second.ask(f"{WORKS}:stubborn").result()
    # and what is asked after it is still answered
    assert second.ask(f"{WORKS}:doubled", 3).result() == (6, os.getpid())
    assert "its work is done in this one" in caplog.text


def test_what_a_lost_process_was_asked_is_done_here(second, caplog):
    assert second.ask(f"{WORKS}:dies_elsewhere", os.getpid()).result() == "done at home"
    assert "its work is done in this one" in caplog.text


def test_an_answer_nobody_can_pick_up_is_made_here(second):
    assert second.ask(f"{WORKS}:unspeakable", os.getpid()).result() == "done at home"
    assert second.ask(f"{WORKS}:doubled", 3).result() == (6, os.getpid())


def test_what_it_left_behind_goes_with_it(monkeypatch):
    monkeypatch.setattr(_second, "_cores", lambda: 2)
    with Second() as second:
        folder = Path(second.ask(f"{WORKS}:leaves_a_file").result())
        assert (folder / "left").exists()
    assert not folder.exists()


@pytest.mark.parametrize("kind", ["second", "alone"])
def test_leaving_ends_what_it_is_at(kind, monkeypatch, tmp_path):
    monkeypatch.setattr(_second, "_cores", lambda: 2 if kind == "second" else 1)
    path = tmp_path / "pid"
    with Second() as second:
        endless = second.ask(f"{WORKS}:never_ends", path)
        while not path.exists() or not path.read_text():
            time.sleep(0.01)
    with pytest.raises(Cancelled):
        endless.result(timeout=30)
    assert kind == "alone" or gone(int(path.read_text()))


def test_what_the_caller_raises_ends_the_waiting(second, tmp_path):
    def stop(*_):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled, match="stopped"):
        second.answer(f"{WORKS}:never_ends", tmp_path / "pid", progress=stop)


def test_modules_are_not_looked_for_where_the_user_stands(tmp_path):
    (tmp_path / "pickle.py").write_text("raise SystemExit(9)")
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    code = (
        "from bykobling import _second; _second._cores = lambda: 2\n"
        "with _second.Second() as second:\n"
        "    print(second.ask('bykobling._second:echo', 'there').result(), second._child is not None)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["there", "True"]
