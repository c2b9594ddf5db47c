"""Jobs one after the other: queued, stopped, never in the way of the protocol, ended with whoever started them."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from tests.worker.client import PATIENCE_S, Client

PROGRAM = textwrap.dedent("""
    import os, subprocess, sys, time
    from pathlib import Path
    from bykobling.worker import main, methods
    from bykobling.export import atomic_folder

    def noisy(params, call):
        print("printed")
        os.write(1, b"written by a library\\n")
        subprocess.run([sys.executable, "-c", "print('of a child')"], check=True)
        return {"read": sys.stdin.read(), "nan": float("nan")}

    def slow(params, call):
        folder = params.path("folder")
        with atomic_folder(folder) as staging:
            for step in range(100):
                (staging / f"{step}.txt").write_text("half")
                call.job.progress(step, 100, "writing")
                time.sleep(0.02)
        return {}

    def deaf(params, call):
        call.job.progress(0, 1, "not listening")
        time.sleep(60)

    def broken(params, call):
        raise KeyError("a hole")

    def endless(params, call):
        raise SystemExit(3)

    def many(params, call):
        for step in range(5000):
            call.job.progress(step, 5000, "on")
        return {}

    methods.METHODS |= dict(noisy=noisy, slow=slow, deaf=deaf, broken=broken, endless=endless, many=many)
    main()
""")


@pytest.fixture(scope="module")
def odd():
    client = Client(program=("-c", PROGRAM))
    yield client
    assert client.stop() == 0


def test_what_anything_prints_goes_to_stderr(odd):
    assert odd.result("noisy") == {"read": "", "nan": None}
    deadline = time.monotonic() + 10
    wanted = (b"printed", b"written by a library", b"of a child")
    while time.monotonic() < deadline and not all(one in b"".join(odd.noise) for one in wanted):
        time.sleep(0.02)
    assert all(one in b"".join(odd.noise) for one in wanted)
    assert odd.result("ping") == {}


def test_a_job_stopped_in_the_middle_leaves_nothing(odd, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "0.txt").write_text("of an earlier run", encoding="utf-8")
    ident = odd.ask("slow", folder=str(tmp_path / "out"))
    told = odd.wait_for_progress(ident)
    assert 0 <= told["share"] < 1
    assert told["message"] == "writing"
    odd.notify("cancel", id=ident)
    answer = odd.answer(ident, timeout=PATIENCE_S)
    assert answer["error"]["code"] == -32800
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["0.txt"]
    assert (tmp_path / "out" / "0.txt").read_text(encoding="utf-8") == "of an earlier run"
    # and the next one works
    assert odd.result("slow", folder=str(tmp_path / "other")) == {}
    assert len(list((tmp_path / "other").iterdir())) == 100


def test_jobs_wait_in_order_and_one_that_waits_can_be_taken_out(odd, tmp_path):
    first = odd.ask("slow", folder=str(tmp_path / "a"))
    second, third, fourth = odd.ask("many"), odd.ask("broken"), odd.ask("many")
    odd.wait_for_progress(first)
    assert odd.result("ping") == {}
    assert odd.result("cancel", id=second) == {"cancelled": True}
    assert odd.result("cancel", id=second) == {"cancelled": False}
    assert odd.answer(second)["error"]["code"] == -32800
    # an id that is on its way cannot be used again
    odd.write(json.dumps({"jsonrpc": "2.0", "id": fourth, "method": "many"}).encode() + b"\n")
    assert odd.answer(fourth)["error"]["code"] == -32600
    ends = []
    while len(ends) < 3:
        message = odd.next()
        if "id" in message:
            ends.append(message["id"])
    assert ends == [first, third, fourth]


def test_progress_is_told_at_most_ten_times_a_second(odd):
    begun = time.monotonic()
    ident = odd.ask("many")
    odd.told.clear()
    assert odd.answer(ident)["result"] == {}
    told = [one for one in odd.told if one.get("method") == "progress"]
    assert 1 <= len(told) <= 10 * (time.monotonic() - begun) + 1


@pytest.mark.parametrize(("method", "kind"), [("broken", "KeyError"), ("endless", "SystemExit")])
def test_an_error_of_the_program_is_told_and_survived(odd, method, kind):
    error = odd.error(method)
    assert error["code"] == -32603
    assert error["message"].startswith("an error in bykobling itself")
    assert error["data"]["kind"] == kind
    assert "Traceback" in error["data"]["traceback"]
    assert odd.result("ping") == {}


def test_the_command_is_the_worker():
    client = Client(
        program=("-c", "import sys; sys.argv = ['bykobling', 'worker']; from bykobling.cli import main; main()")
    )
    assert client.result("hello")["protocol"] == 1
    assert client.stop() == 0


def test_shutdown_answers_and_ends_with_0():
    client = Client()
    assert client.result("shutdown") == {}
    assert client.process.wait(PATIENCE_S) == 0
    assert client.stop() == 0


@pytest.mark.parametrize("how", ["close", "half a line", "terminate", "deaf to all"])
def test_every_wanted_end_is_quick_and_0(how, tmp_path):
    client = Client(program=("-c", PROGRAM))
    client.result("hello")
    ident = client.ask("deaf" if how == "deaf to all" else "slow", folder=str(tmp_path / "out"))
    client.wait_for_progress(ident)
    if how == "terminate":
        client.process.send_signal(signal.SIGTERM)
        assert client.process.wait(PATIENCE_S) == 0
    elif how == "half a line":
        client.write(b'{"jsonrpc": "2.0", "id"')
    # far less than the minute the deaf one sleeps
    assert client.stop(timeout=30) == 0
    if how != "deaf to all":
        assert not (tmp_path / "out").exists()
    if how == "half a line":
        left = []
        while (line := client.lines.get()) is not None:
            left.append(json.loads(line))
        assert -32700 in {one["error"]["code"] for one in left if "error" in one}


MIDDLE = textwrap.dedent("""
    import subprocess, sys, time
    child = subprocess.Popen([sys.executable, "-m", "bykobling.worker"])
    time.sleep(600)
""")


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the end of stdin is the only sign")
def test_a_killed_parent_ends_the_worker_even_where_stdin_stays_open():
    from_me, to_worker = os.pipe()
    from_worker, to_me = os.pipe()
    middle = subprocess.Popen([sys.executable, "-c", MIDDLE], stdin=from_me, stdout=to_me, stderr=subprocess.DEVNULL)
    os.close(from_me)
    os.close(to_me)
    try:
        os.write(to_worker, b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
        assert json.loads(os.read(from_worker, 1000)) == {"jsonrpc": "2.0", "id": 1, "result": {}}
        middle.kill()
        middle.wait(PATIENCE_S)
        # only the worker held the other end: when it is gone there is nothing more to read
        assert select.select([from_worker], [], [], PATIENCE_S)[0], "the worker outlives its parent"
        assert os.read(from_worker, 1000) == b""
    finally:
        middle.kill()
        os.close(to_worker)
        os.close(from_worker)


def test_a_reader_that_is_gone_ends_the_worker():
    from_worker, to_me = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "bykobling.worker"], stdin=subprocess.PIPE, stdout=to_me, stderr=subprocess.DEVNULL
    )
    os.close(to_me)
    os.close(from_worker)
    with process:
        process.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
        process.stdin.flush()
        assert process.wait(PATIENCE_S) == 0
