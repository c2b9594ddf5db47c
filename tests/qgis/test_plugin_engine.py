"""The engine's manager, against an engine that behaves, and one that does not."""

import os
import signal

import pytest

from conftest import wait_until


class Heard(list):
    """What the engine's signals said, in order."""

    def __init__(self, engine):
        super().__init__()
        engine.ready.connect(lambda hello: self.append(("ready", hello)))
        engine.stopped.connect(lambda message: self.append(("stopped", message)))
        engine.progress.connect(lambda call, share, message: self.append(("progress", (call, share, message))))
        engine.log.connect(lambda line: self.append(("log", line)))

    def of(self, kind):
        return [what for name, what in self if name == kind]


@pytest.fixture
def heard(engine):
    return Heard(engine)


def ask(engine, method="run", **params):
    """Ask something; gives a list that its answer or error is put into, and the number of the call."""
    came = []
    return came, engine.call(method, params, came.append, came.append)


def test_it_starts_greets_answers_and_stops_when_asked(fake_engine, engine, heard):
    engine.start()
    assert not engine.is_ready()
    wait_until(engine.is_ready)
    assert heard.of("ready")[0]["bykobling"] == "0.0.9"
    came, call = ask(engine, town="Tåstrup & Ærø")
    wait_until(lambda: came)
    assert came[0]["params"] == {"town": "Tåstrup & Ærø"}
    shares = [share for number, share, _ in heard.of("progress") if number == call]
    assert shares == sorted(shares)
    assert len(shares) > 50
    engine.stop()
    wait_until(lambda: heard.of("stopped"))
    assert heard.of("stopped") == [""]
    assert not engine.is_ready()


def test_a_call_starts_it(fake_engine, engine):
    came, _ = ask(engine)
    assert not came
    wait_until(lambda: came)
    assert came[0]["pid"] != os.getpid()


def test_the_map_does_not_stand_still_while_it_works(fake_engine, engine):
    from qgis.PyQt.QtCore import QTimer

    lived = []
    timer = QTimer()
    timer.timeout.connect(lambda: lived.append(1))
    timer.start(10)
    came, _ = ask(engine, pause=0.01)
    wait_until(lambda: came)
    timer.stop()
    assert len(lived) > 10


def test_faults_come_as_an_error_with_all_of_them(fake_engine, engine):
    from bykobling_qgis.engine import EngineError

    came, _ = ask(engine, fault=True)
    wait_until(lambda: came)
    error = came[0]
    assert isinstance(error, EngineError)
    assert error.message == "1 thing to mend"
    assert error.faults[0]["file"] == "områder.gpkg"
    assert not error.cancelled


def test_garbage_is_passed_over(fake_engine, engine):
    came, _ = ask(engine, "garbage")
    wait_until(lambda: came)
    assert came == [{"after": "garbage"}]


def test_a_cancelled_call_ends_and_the_same_engine_does_the_next(fake_engine, engine, heard):
    came, call = ask(engine, pause=0.2)
    wait_until(engine.is_ready)
    wait_until(lambda: engine._calls[call].sent)
    engine.cancel(call)
    wait_until(lambda: came)
    assert came[0].cancelled
    again, _ = ask(engine)
    wait_until(lambda: again)
    assert "pid" in again[0]
    assert len(heard.of("ready")) == 1


def test_one_that_does_not_listen_is_killed_and_started_anew(fake_engine, engine, heard, monkeypatch):
    import bykobling_qgis.engine

    monkeypatch.setattr(bykobling_qgis.engine, "GRACE_MS", 300)
    deaf, call = ask(engine, deaf=True, pause=1)
    other, _ = ask(engine, pause=1)
    wait_until(engine.is_ready)
    engine.cancel(call)
    wait_until(lambda: deaf and len(heard.of("ready")) == 2)
    assert deaf[0].cancelled
    # what else it was doing is not passed over in silence
    assert other
    assert not other[0].cancelled
    assert "anew" in other[0].message
    assert not heard.of("stopped")
    again, _ = ask(engine)
    wait_until(lambda: again)
    assert "pid" in again[0]


def test_a_call_that_was_not_sent_is_simply_forgotten(fake_engine, engine):
    came, call = ask(engine)
    engine.cancel(call)
    assert came[0].cancelled
    engine.cancel(call)
    assert len(came) == 1


def test_a_crash_is_told_and_the_next_call_starts_it_again(fake_engine, engine, heard):
    came, _ = ask(engine, die=True)
    wait_until(lambda: heard.of("stopped"))
    assert "files are as they were" in came[0].message
    assert "the floor gave way" in came[0].message
    assert heard.of("stopped") == [came[0].message]
    assert heard.of("log") == ["the floor gave way"]
    again, _ = ask(engine)
    wait_until(lambda: again)
    assert "pid" in again[0]
    assert len(heard.of("ready")) == 2


def test_killed_from_outside_it_says_so(fake_engine, engine, heard):
    first, _ = ask(engine)
    wait_until(lambda: first)
    came, _ = ask(engine, pause=1)
    os.kill(first[0]["pid"], signal.SIGKILL)
    wait_until(lambda: heard.of("stopped"))
    assert "ended from outside" in came[0].message
    assert not engine.is_ready()


def test_an_engine_that_cannot_start_says_why(fake_engine, engine, heard, monkeypatch):
    monkeypatch.setenv("FAKE_ENGINE", "broken")
    came, _ = ask(engine)
    wait_until(lambda: heard.of("stopped"))
    assert "No module named 'geopandas'" in heard.of("stopped")[0]
    assert "set-up page" in came[0].message


@pytest.mark.parametrize(("protocol", "told"), [("2", "Update the plug-in"), ("0", "Update the engine")])
def test_a_mismatch_says_which_to_update(fake_engine, engine, heard, monkeypatch, protocol, told):
    monkeypatch.setenv("FAKE_PROTOCOL", protocol)
    engine.start()
    wait_until(lambda: heard.of("stopped"))
    assert told in heard.of("stopped")[0]
    assert not heard.of("ready")


def test_without_an_engine_it_says_how_to_get_one(no_engine, engine, heard):
    came, _ = ask(engine)
    wait_until(lambda: heard.of("stopped"))
    assert "not installed yet" in heard.of("stopped")[0]
    assert came[0].message == heard.of("stopped")[0]


def test_a_file_that_is_no_program_says_so(no_engine, engine, heard, monkeypatch, tmp_path):
    path = tmp_path / "bykobling"
    path.write_text("not a program")
    monkeypatch.setenv("BYKOBLING_ENGINE", str(path))
    engine.start()
    wait_until(lambda: heard.of("stopped"))
    assert "cannot be started" in heard.of("stopped")[0]


def test_stopped_and_started_at_once_it_runs(fake_engine, engine, heard):
    engine.start()
    wait_until(engine.is_ready)
    engine.stop()
    engine.start()
    wait_until(lambda: len(heard.of("ready")) == 2)
    assert engine.is_ready()


def test_what_was_asked_is_told_that_it_was_stopped(fake_engine, engine):
    came, _ = ask(engine, pause=1)
    wait_until(engine.is_ready)
    engine.stop()
    assert came[0].cancelled


def test_shutting_down_leaves_no_process(fake_engine, engine):
    came, _ = ask(engine)
    wait_until(lambda: came)
    engine.shut_down()
    with pytest.raises(ProcessLookupError):
        os.kill(came[0]["pid"], 0)


# where it is found


@pytest.fixture
def environment(tmp_path):
    (tmp_path / "env" / "bin").mkdir(parents=True)
    for name in ("bykobling", "python3"):
        (tmp_path / "env" / "bin" / name).write_text("")
    return tmp_path / "env"


def test_the_order_in_which_it_is_looked_for(no_engine, qgis_app, monkeypatch, tmp_path, environment):
    from qgis.core import QgsSettings

    from bykobling_qgis.engine import find_engine

    settings = QgsSettings()
    assert find_engine(settings) is None
    managed = tmp_path / "managed" / "python3"
    monkeypatch.setattr("bykobling_qgis.managed.environment_python", lambda profile: str(managed))
    managed.parent.mkdir()
    managed.write_text("")
    assert find_engine(settings) == [str(managed), "-m", "bykobling.worker"]
    command = tmp_path / "path" / "bykobling"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:/usr/bin:/bin")
    assert find_engine(settings) == [str(command), "worker"]
    monkeypatch.setenv("BYKOBLING_ENGINE", str(environment / "bin" / "python3"))
    assert find_engine(settings) == [str(environment / "bin" / "python3"), "-m", "bykobling.worker"]
    settings.setValue("bykobling/engine", str(environment))
    assert find_engine(settings) == [str(environment / "bin" / "bykobling"), "worker"]
    # a path that leads nowhere is not passed over in silence
    settings.setValue("bykobling/engine", str(tmp_path / "gone"))
    assert find_engine(settings) is None
    from bykobling_qgis.command import why_not_found

    assert str(tmp_path / "gone") in why_not_found(settings)
    settings.remove("bykobling/engine")


def test_the_environment_is_clean(qgis_app, monkeypatch):
    from bykobling_qgis.engine import clean_environment

    bad = ("PYTHONHOME", "PYTHONPATH", "PROJ_DATA", "PROJ_LIB", "GDAL_DATA", "LD_LIBRARY_PATH", "PIP_INDEX_URL")
    for name in (*bad, "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "QGIS_PREFIX_PATH"):
        monkeypatch.setenv(name, "/somewhere")
    monkeypatch.setenv("KEPT", "yes")
    environment = clean_environment()
    assert not [name for name in bad if environment.contains(name)]
    assert not environment.contains("DYLD_LIBRARY_PATH")
    assert environment.value("KEPT") == "yes"
    assert environment.value("PYTHONUTF8") == "1"


def test_half_a_line_waits_for_its_rest(qgis_app):
    from bykobling_qgis.wire import Lines

    lines = Lines()
    whole = '{"id": 1, "town": "Ærø"}\n'.encode()
    assert [lines.feed(bytes([byte])) for byte in whole[:-1]] == [[]] * (len(whole) - 1)
    assert lines.feed(whole[-1:] + whole + b"no JSON\n") == [{"id": 1, "town": "Ærø"}] * 2
