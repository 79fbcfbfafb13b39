"""A lesson offers to shut down the lessons that still run on its server."""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from course_utils.exercises import earlier

TOKEN = "a token of this test"
SESSIONS = [
    {"id": "s1", "path": "notebooks/01_neuron.ipynb", "kernel": {"id": "mine"}},
    {"id": "s4", "path": "notebooks/solutions/04_cnn.ipynb", "kernel": {"id": "other"}},
    {"id": "s0", "path": "notes.ipynb", "kernel": {"id": "notes"}},
]


@pytest.fixture
def server(monkeypatch, tmp_path):
    """A server that runs SESSIONS and says so to whoever has the token; gives what was asked of it."""
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            allowed = self.headers["Authorization"] == f"token {TOKEN}"
            asked.append((self.command, self.path, allowed))
            self.send_response((204 if self.command == "DELETE" else 200) if allowed else 403)
            self.end_headers()
            if allowed and self.command == "GET":
                self.wfile.write(json.dumps(SESSIONS).encode())

        do_DELETE = do_GET

        def log_message(self, *words):
            pass

    served = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("JPY_PARENT_PID", str(os.getpid()))
    monkeypatch.setattr("ipykernel.connect.get_connection_file", lambda: "/somewhere/kernel-mine.json")
    served.file = tmp_path / f"jpserver-{os.getpid()}.json"
    served.about = {"url": f"http://127.0.0.1:{served.server_port}/base/", "token": TOKEN}
    served.file.write_text(json.dumps(served.about), "utf-8")
    served.asked = asked
    yield served
    served.shutdown()
    served.server_close()


def test_the_other_lesson_is_named_and_a_click_ends_it(server):
    box = earlier.offer()
    assert server.asked == [("GET", "/base/api/sessions", True)] and len(box.children) == 1
    words, button = box.children[0].children
    assert "04_cnn" in words.value and button.description == "Shut 04_cnn down"
    button.click()
    assert server.asked[1:] == [("DELETE", "/base/api/sessions/s4", True)]
    assert "is shut down" in words.value and button.disabled


def test_a_server_that_has_gone_by_the_click_is_a_sentence(server):
    words, button = earlier.offer().children[0].children
    server.shutdown()
    server.server_close()
    button.click()
    assert "did not answer" in words.value


@pytest.mark.parametrize("about", [
    {"token": "wrong"}, {"url": "http://127.0.0.1:9/"}, {"url": "http://192.0.2.1:8888/"}, {"url": None},
])
def test_where_nobody_answers_nothing_is_offered(server, about):
    server.file.write_text(json.dumps(server.about | about), "utf-8")
    assert earlier.offer() is None and not any(allowed for _, _, allowed in server.asked)


def test_a_damaged_note_no_note_and_no_server_are_no_trouble(server, monkeypatch):
    server.file.write_text("{", "utf-8")
    assert earlier.running() == {}
    server.file.unlink()
    assert earlier.running() == {}
    monkeypatch.delenv("JPY_PARENT_PID")
    assert earlier.running() == {} and server.asked == []


def test_a_lesson_alone_is_offered_nothing(server, monkeypatch):
    monkeypatch.setitem(globals(), "SESSIONS", SESSIONS[:1])
    assert earlier.offer() is None and len(server.asked) == 1
