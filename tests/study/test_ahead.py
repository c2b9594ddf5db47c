"""Machine code that is made ahead is a help, never a hindrance."""

from __future__ import annotations

import pytest

from bykobling.errors import Cancelled
from bykobling.report.write import READY
from bykobling.severance import rehearsal
from bykobling.study.ahead import MachineCode


class Played:
    """A second process as a study sees it."""

    def __init__(self, error=None, *, apart=True):
        self.apart, self.error, self.asked, self.answered = apart, error, [], []

    def ask(self, work):
        self.asked.append(work)

    def renew(self):
        self.asked.append("renew")

    def answer(self, work, *, progress):
        self.answered.append(work)
        progress(1, 2, "measuring")
        if self.error is not None:
            raise self.error


@pytest.fixture(autouse=True)
def first_run(monkeypatch):
    monkeypatch.setattr(rehearsal, "rehearsed", lambda: False)


def rehearsals(second):
    return [work for work in second.asked if "rehears" in work]


@pytest.mark.parametrize(("profile", "works"), [(True, ["EFFECT", "WALKS"]), (False, ["EFFECT"])])
def test_what_is_measured_is_made_ahead_and_waited_for_once(profile, works):
    second, told = Played(), []
    code = MachineCode(second, profile=profile)
    assert rehearsals(second) == [getattr(rehearsal, name) for name in works]
    # what draws is made ready in a process that holds nothing of the compiler's
    assert second.asked[-2:] == ["renew", READY]
    for _ in range(2):
        for work in (rehearsal.EFFECT, rehearsal.WALKS):
            code.wait(work, lambda *how_far: told.append(how_far))
    assert second.answered == rehearsals(second)
    assert set(told) == {(0, 1, "making machine code, on a first run only")}


def test_where_it_cannot_be_made_the_run_goes_on(caplog):
    code = MachineCode(Played(AttributeError("odd")), profile=True)
    code.wait(rehearsal.EFFECT, lambda *_: None)
    assert "no machine code could be made ahead (AttributeError: odd)" in caplog.text


def test_who_waits_can_stop():
    with pytest.raises(Cancelled):
        MachineCode(Played(Cancelled("stop")), profile=True).wait(rehearsal.EFFECT, lambda *_: None)


def test_on_one_core_nothing_is_made_twice(monkeypatch):
    second = Played(apart=False)
    MachineCode(second, profile=True)
    assert not rehearsals(second)
    monkeypatch.setattr(rehearsal, "rehearsed", lambda: True)
    again = Played()
    MachineCode(again, profile=True)
    assert not rehearsals(again)
