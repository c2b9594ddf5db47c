"""Asking and waiting in a thread, as Processing does."""

import os
import threading
import time

import pytest

from conftest import feedback_that


def call(feedback=None, timeout_s=None, method="run", **params):
    from bykobling_qgis.engine import call_blocking

    return call_blocking(method, params, feedback, timeout_s=timeout_s)


def test_it_answers_in_another_thread(fake_engine, qgis_app):
    came = []
    feedback = feedback_that()
    thread = threading.Thread(target=lambda: came.append(call(feedback, town="Ærø")))
    thread.start()
    thread.join(60)
    assert came[0]["params"] == {"town": "Ærø"}
    assert feedback.progress() > 90
    assert feedback.said == [("progress", "counting")]  # once, not a hundred times
    with pytest.raises(ProcessLookupError):
        os.kill(came[0]["pid"], 0)


@pytest.mark.parametrize("deaf", [False, True])
def test_cancelling_returns_early_and_the_next_one_works(fake_engine, qgis_app, deaf):
    from qgis.core import QgsProcessingException

    began = time.monotonic()
    with pytest.raises(QgsProcessingException, match="as you asked"):
        call(feedback_that(stop_after_s=0.5), pause=1, deaf=deaf)
    assert time.monotonic() - began < 60  # of the 100 s it would have taken
    assert "pid" in call()


def test_cancelled_before_it_began_it_starts_nothing(no_engine, qgis_app):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException):
        call(feedback_that(stop_after_s=-1))


def test_faults_crashes_and_waiting_too_long_are_told(fake_engine, qgis_app):
    from bykobling_qgis.engine import EngineError

    with pytest.raises(EngineError) as fault:
        call(fault=True)
    assert fault.value.faults[0]["rule"] == "the geometry is empty"
    with pytest.raises(EngineError, match=r"stopped in the middle.*the floor gave way"):
        call(feedback_that(), die=True)
    with pytest.raises(EngineError, match="too long"):
        call(timeout_s=1, pause=1)


def test_an_engine_of_another_time_is_refused(fake_engine, qgis_app, monkeypatch):
    from bykobling_qgis.engine import EngineError

    monkeypatch.setenv("FAKE_PROTOCOL", "2")
    with pytest.raises(EngineError, match="Update the plug-in"):
        call()


def test_without_an_engine_it_says_how_to_get_one(no_engine, qgis_app):
    from bykobling_qgis.engine import EngineError

    with pytest.raises(EngineError, match="not installed yet"):
        call()
