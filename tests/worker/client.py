"""A client as plain as can be: a process, a pipe each way, one thread that reads."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading

PATIENCE_S = 60.0


class Client:
    """A worker and what it answers."""

    def __init__(self, *, env=None, program=("-m", "bykobling.worker")):
        self.process = subprocess.Popen(
            [sys.executable, *program],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env,
        )  # fmt: skip
        self.lines, self.told, self.noise = queue.Queue(), [], []
        self.count = 0
        self.threads = [threading.Thread(target=one, daemon=True) for one in (self._listen, self._drain)]
        for one in self.threads:
            one.start()

    def _listen(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def _drain(self):
        self.noise.extend(self.process.stderr)

    def write(self, raw):
        self.process.stdin.write(raw)
        self.process.stdin.flush()

    def ask(self, method, **params):
        self.count += 1
        message = {"jsonrpc": "2.0", "id": self.count, "method": method, "params": params}
        self.write(json.dumps(message).encode() + b"\n")
        return self.count

    def notify(self, method, **params):
        self.write(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode() + b"\n")

    def next(self, timeout=PATIENCE_S):
        line = self.lines.get(timeout=timeout)
        assert line is not None, (self.process.poll(), b"".join(self.noise).decode())
        message = json.loads(line, parse_constant=_never)
        assert message["jsonrpc"] == "2.0"
        return message

    def answer(self, ident, timeout=PATIENCE_S):
        """Wait for one answer; progress and other answers on the way are kept in `told`."""
        for message in self.told:
            if message.get("id", -1) == ident:
                self.told.remove(message)
                return message
        while (message := self.next(timeout)).get("id", -1) != ident:
            self.told.append(message)
        return message

    def result(self, method, **params):
        message = self.answer(self.ask(method, **params))
        assert "result" in message, message
        return message["result"]

    def error(self, method, **params):
        message = self.answer(self.ask(method, **params))
        assert "error" in message, message
        return message["error"]

    def wait_for_progress(self, ident, timeout=PATIENCE_S):
        while True:
            message = self.next(timeout)
            if message.get("method") == "progress" and message["params"]["id"] == ident:
                return message["params"]
            self.told.append(message)

    def stop(self, timeout=10.0):
        if not self.process.stdin.closed:
            self.process.stdin.close()
        code = self.process.wait(timeout)
        for one in self.threads:
            one.join(timeout)
        self.process.stdout.close()
        self.process.stderr.close()
        return code


def _never(name):
    raise AssertionError(f"{name} is no JSON")
