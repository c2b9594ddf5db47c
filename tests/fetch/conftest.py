"""A server on this computer that plays Nominatim and Overpass."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from fake_services import Service


@pytest.fixture
def service(monkeypatch):
    played = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.answer(parse_qs(urlsplit(self.path).query))

        def do_POST(self):
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.answer(parse_qs(text))

        def answer(self, question):
            played.asked.append((self.path, question))
            status, body = played.next_answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) + played.promise_more))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    root = f"http://127.0.0.1:{server.server_port}"
    played.urls = {"nominatim_url": f"{root}/nominatim", "overpass_url": f"{root}/overpass"}
    # osmnx pauses a second before each question, out of courtesy to public servers
    monkeypatch.setattr("osmnx._nominatim.time.sleep", lambda _: None)
    yield played
    server.shutdown()
    server.server_close()
    thread.join()
