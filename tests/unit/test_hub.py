"""A class on JupyterHub: the links, the seat of a student, the configuration, a real hub, and the simulated class."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.parse
import uuid
from argparse import Namespace
from pathlib import Path

import nbformat
import psutil
import pytest
import yaml
from conftest import ROOT
from traitlets.config import Config

from course_utils.publish import environment, hub, seat, trial
from course_utils.publish.environment import CourseError

CLASSROOM = __import__("runpy").run_path(str(ROOT / "tests" / "benchmarks" / "classroom.py"))


def config(monkeypatch, **variables):
    """What the configuration for one server sets, as JupyterHub would read it."""
    variables = {"COURSE_HUB_PASSWORD": "a class of 2026", **variables}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    c = Config()
    code = compile(Path(hub.CONFIG).read_text(encoding="utf-8"), hub.CONFIG, "exec")
    exec(code, {"get_config": lambda: c})
    return c


def test_the_link_gives_each_student_a_server_of_their_own():
    assert hub.link("https://hub.example.org/", "cnn") == (
        "https://hub.example.org/hub/user-redirect/lab/tree/04_cnn.ipynb")
    assert hub.link("http://10.0.0.5:8000", "01").endswith("/lab/tree/01_neuron.ipynb")


@pytest.mark.parametrize("at, lesson, words", [
    ("hub.example.org", "01", "--at is 'hub.example.org'"),
    ("https://hub.example.org?next=x", "01", "--at is"),
    ("https://hub.example.org", "44", "--lesson is '44'"),
])  # fmt: skip
def test_a_link_that_cannot_be_is_one_sentence(at, lesson, words):
    with pytest.raises(CourseError) as caught:
        hub.link(at, lesson)
    assert words in str(caught.value) and str(caught.value).endswith(".") and "\n" not in str(caught.value)


def test_a_seat_gets_the_lessons_and_keeps_what_the_student_wrote(tmp_path):
    folder = tmp_path / "lessons"
    seat.fill(str(folder))
    names = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {path.name for path in folder.iterdir()} == names and len(names) >= 6
    (folder / "01_neuron.ipynb").write_text("my own work")
    (folder / "04_cnn.ipynb").unlink()
    seat.fill(str(folder))
    assert (folder / "01_neuron.ipynb").read_text() == "my own work" and (folder / "04_cnn.ipynb").exists()
    assert "solution" not in " ".join(path.name for path in folder.rglob("*"))


STARTED = """
import json, os, sys
from course_utils.publish import seat
os.execvp = lambda program, line: print(json.dumps([line, os.environ["JUPYTER_CONFIG_PATH"]]))
seat.main(["--port=5"])
try:
    taken = bytearray(900_000_000)
except MemoryError:
    print("refused")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's memory so")
@pytest.mark.parametrize("limit, refused", [("600000000", True), ("", False)])
def test_a_seat_holds_to_its_memory(tmp_path, limit, refused):
    surroundings = {**os.environ, "HOME": str(tmp_path), "MEM_LIMIT": limit, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", STARTED], env=surroundings, capture_output=True, text=True, check=True)
    first, *rest = done.stdout.splitlines()
    line, settings = json.loads(first)
    assert line[:2] == ["jupyterhub-singleuser", f"--ServerApp.root_dir={tmp_path}/lessons"] and line[-1] == "--port=5"
    assert ("--allow-root" in line) == (os.getuid() == 0)
    own, below = settings.split(os.pathsep)[:2]
    assert Path(own, "jupyter_lab_config.json").is_file() and Path(below, "jupyter_server_config.d").is_dir()
    assert rest == (["refused"] if refused else [])


def test_the_configuration_of_one_server(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    c = config(monkeypatch, COURSE_HUB_LESSON="cnn", COURSE_HUB_MEMORY="2G", COURSE_HUB_STUDENTS="7")
    assert c.Spawner.default_url == "/lab/tree/04_cnn.ipynb" and c.Spawner.mem_limit == "2G"
    assert c.Spawner.cmd == [sys.executable, "-m", "course_utils.publish.seat"]
    assert c.JupyterHub.active_server_limit == 7
    [culler] = c.JupyterHub.services
    assert "--timeout=3600" in culler["command"] and c.JupyterHub.load_roles[0]["services"] == [culler["name"]]
    assert "delete:servers" in c.JupyterHub.load_roles[0]["scopes"]
    assert c.SharedPasswordAuthenticator.user_password == "a class of 2026"  # and none stands in the file


def test_with_systemd_each_student_is_a_user_with_a_cgroup(monkeypatch):
    known = os.path.isdir
    monkeypatch.setattr(os.path, "isdir", lambda path: path == "/run/systemd/system" or known(path))
    monkeypatch.setattr(os, "getuid", lambda: 0, raising=False)
    c = config(monkeypatch)
    assert c.JupyterHub.spawner_class == "systemd" and c.SystemdSpawner.dynamic_users is True


def test_kubernetes_serves_the_same_seats(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    values, c = yaml.safe_load((ROOT / "binder/hub/values.yaml").read_text(encoding="utf-8")), config(monkeypatch)
    student = values["singleuser"]
    assert student["cmd"][1:] == c.Spawner.cmd[1:] and c.Spawner.environment == hub.THREADS
    folder = student["storage"]["homeMountPath"]
    assert student["extraEnv"] == {**hub.THREADS, "COURSE_SEAT": folder}
    monkeypatch.setenv("COURSE_SEAT", folder)
    assert seat.own_folder() == folder
    assert student["memory"]["limit"] == hub.MEMORY == c.Spawner.mem_limit
    assert student["defaultUrl"] == c.Spawner.default_url and values["cull"]["timeout"] == hub.IDLE
    assert values["hub"]["config"]["JupyterHub"]["authenticator_class"] == c.JupyterHub.authenticator_class
    # over the lessons a kernel may take 0.9 GB, and the student's server comes on top
    assert float(hub.MEMORY[:-1]) >= 1.2 and hub.MEMORY[-1] == "G"


def test_serving_wants_a_password_and_at_least_one_seat(monkeypatch):
    given = Namespace(action="serve", lesson="01", url=hub.ADDRESS, memory="1G", students=0)
    monkeypatch.setenv("COURSE_HUB_PASSWORD", "short")
    with pytest.raises(CourseError, match="shorter than 8"):
        hub.main(given)
    monkeypatch.setenv("COURSE_HUB_PASSWORD", "long enough")
    with pytest.raises(CourseError, match="--students is 0"):
        hub.main(given)


def test_a_layer_sees_what_is_below_and_changes_nothing(tmp_path):
    python = trial.layer(str(tmp_path / "layer"))
    assert trial.holds(python, "numpy") and not trial.holds(python, "no_such_package_here")
    where = subprocess.check_output([python, "-c", "import sys, numpy; print(sys.prefix, numpy.__file__)"], text=True)
    assert where.startswith(str(tmp_path)) and str(tmp_path) not in where.split()[1]
    assert trial.layer(str(tmp_path / "layer")) == python  # the second time it is there


# ---------------------------------------------------------------- a real hub


def hub_python():
    """A Python with JupyterHub: this one, or that which `hub serve` made; None where there is none."""
    made = ROOT / ".jupyter" / "hub" / "environment" / "bin" / "python"
    named = os.environ.get("COURSE_HUB_PYTHON")
    return next((one for one in filter(None, [named, sys.executable, str(made)])
                 if os.path.exists(one) and trial.holds(one, "jupyterhub")), None)


class Pupil:
    """A student's browser: signs in, waits for the server, opens a page, runs code in a kernel."""

    def __init__(self, address, name, password):
        import requests

        self.address, self.name, self.web = address, name, requests.Session()
        self.web.trust_env = False
        self.web.get(address + "/hub/login", timeout=30)
        form = {"username": name, "password": password, "_xsrf": self.web.cookies.get("_xsrf", path="/hub/")}
        self.signed_in = self.web.post(address + "/hub/login", data=form, timeout=30, allow_redirects=False)

    def open(self, link, seconds=90):
        """Follow a link to the student's own page; gives the address where it ends."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            page = self.web.get(link, timeout=60)
            if f"/user/{self.name}/lab" in page.url:
                return page
            time.sleep(0.5)
        raise AssertionError(f"no page after {seconds} s: {page.status_code} {page.url}")

    def run(self, code, seconds=60):
        """Start a kernel, run code in it, give the text it printed or the name of its error."""
        import websocket

        base = f"{self.address}/user/{self.name}/api"
        jar = self.web.cookies.get_dict()
        [token] = {cookie.value for cookie in self.web.cookies
                   if cookie.name == "_xsrf" and cookie.path == f"/user/{self.name}/"}
        wanted = {"path": "04_cnn.ipynb", "name": "", "type": "notebook", "kernel": {"name": "course-cpu"}}
        made = self.web.post(base + "/sessions", json=wanted, headers={"X-XSRFToken": token}, timeout=60)
        kernel = made.json()["kernel"]["id"]
        cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
        wire = websocket.create_connection(f"{base.replace('http', 'ws', 1)}/kernels/{kernel}/channels",
                                           cookie=cookies, timeout=seconds)
        message = {"header": {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": "", "session": "s",
                              "version": "5.3"}, "parent_header": {}, "metadata": {}, "channel": "shell",
                   "content": {"code": code, "silent": False, "store_history": False}}
        wire.send(json.dumps(message))
        said, state = "", None
        while state != "idle":
            reply = json.loads(wire.recv())
            kind, content = reply["msg_type"], reply["content"]
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                said += content.get("text", "") if kind == "stream" else content["ename"] if kind == "error" else ""
                state = content["execution_state"] if kind == "status" else state
        wire.close()
        return said.strip()


@pytest.mark.slow
def test_a_real_hub_seats_two_students_and_stops_empty_seats(tmp_path, monkeypatch):
    python = hub_python()
    if python is None:
        pytest.skip("JupyterHub is not installed; `python -m course_utils hub serve` installs it beside the course")
    ports = [free_port() for _ in range(3)]
    address = f"http://127.0.0.1:{ports[0]}"
    variables = trial.variables(python, PYTHONPATH=str(ROOT), COURSE_HUB_PASSWORD="a class of 2026",
                                COURSE_HUB_URL=address, COURSE_HUB_LESSON="02", COURSE_HUB_MEMORY="600M",
                                COURSE_HUB_IDLE="45")
    settings = [f"--JupyterHub.hub_port={ports[1]}", f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{ports[2]}"]
    with open(tmp_path / "log", "w") as log:
        command = [python, "-m", "jupyterhub", "-f", hub.CONFIG, *settings]
        server = subprocess.Popen(command, cwd=tmp_path, env=variables, stdout=log, stderr=log)
    try:
        wait_for(address + "/hub/login", tmp_path / "log")
        stranger = Pupil(address, "eve", "a guess of 2026")
        assert stranger.signed_in.status_code == 403
        ann, ben = (Pupil(address, name, "a class of 2026") for name in ("ann", "ben"))
        page = ann.open(hub.link(address, "04"))
        assert urllib.parse.urlsplit(page.url).path == "/user/ann/lab/tree/04_cnn.ipynb" and page.ok
        assert urllib.parse.urlsplit(ben.open(address).url).path == "/user/ben/lab/tree/02_mlp.ipynb"
        assert ann.run("import course_utils, os; print(os.path.exists('04_cnn.ipynb'))") == "True"
        assert ann.run("taken = bytearray(900_000_000)") == "MemoryError"  # ann alone feels it
        assert ben.run("print(6 * 7)") == "42"
        other = ben.web.get(f"{address}/user/ann/api/contents", timeout=30, allow_redirects=False)
        assert other.status_code in (302, 403, 404)  # not hers
        table = memory_of_seats(server.pid)
        print(table)
        assert len(table["singleuser"]) == 2 and max(table["singleuser"]) < 250
        for _ in range(200):  # nobody does anything any more
            if "singleuser" not in memory_of_seats(server.pid):
                break
            time.sleep(0.5)
        assert "singleuser" not in memory_of_seats(server.pid)
        assert sorted(path.name for path in (tmp_path / "students").iterdir()) == ["ann", "ben"]  # their files stay
    finally:
        end(server)


def memory_of_seats(pid):
    """PSS in MB of a hub's programs, by what they are."""
    table = {}
    for process in psutil.Process(pid).children(recursive=True):
        try:
            line = " ".join(process.cmdline())
        except psutil.Error:  # it has just ended
            continue
        kind = next((word for word in ("singleuser", "ipykernel", "proxy", "culler") if word in line), "other")
        table.setdefault(kind, []).append(round(trial.pss(process.pid) / 1e6))
    return {"hub": round(trial.pss(pid) / 1e6), **table}


def end(server):
    """Stop a hub and all that it started."""
    family = psutil.Process(server.pid).children(recursive=True)
    server.terminate()
    _, left = psutil.wait_procs([server, *family], timeout=15)
    for process in left:
        process.kill()


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address, log, seconds=60):
    import requests

    for _ in range(seconds * 5):
        try:
            if requests.get(address, timeout=5).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.2)
    raise AssertionError(log.read_text()[-2000:])


# ---------------------------------------------------------------- a simulated class


def lesson(*cells):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])


@pytest.fixture
def quick(monkeypatch):
    """Students arrive at once; course-cpu is there."""
    from course_utils.publish import kernels

    kernels.install_missing()
    monkeypatch.setitem(CLASSROOM["a_class"].__globals__, "ARRIVE", 0.1)


def a_class(notebook, students, think=0.0):
    return __import__("asyncio").run(CLASSROOM["a_class"](notebook, students, think))


def test_a_class_is_measured(quick):
    cells = "import time; time.sleep(0.4)", "held = b'x' * 80_000_000; time.sleep(1.3)"
    row, reason = a_class(lesson(*cells), 2, 0.4)
    assert reason is None and row["failed"] == 0 and row["students"] == 2
    assert 100 < row["MB each"] < 200 and row["MB in all"] > 1.2 * row["MB each"]
    assert row["slowest s"] >= 1.3 > row["median s"] >= 0.4 and row["waited s"] > 1.7


def test_where_a_class_breaks_is_said(quick, monkeypatch):
    row, reason = a_class(lesson("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"), 1)
    assert row["failed"] == 1 and re.match("1 of 1 kernels failed", reason)
    monkeypatch.setitem(CLASSROOM["a_class"].__globals__, "SLOWEST", 0.2)
    assert "a cell took" in a_class(lesson("import time; time.sleep(0.5)"), 1)[1]


def test_a_class_size_that_cannot_be_is_one_sentence():
    with pytest.raises(CourseError, match="class sizes from 1"):
        CLASSROOM["main"](Namespace(students=[0], think=1.0, lesson=None, json=None))


def test_the_engine_is_an_extra_and_not_in_the_lock():
    locked = {name for name, _, _ in environment.locked()}
    assert any(line.startswith("jupyterhub>") for line in trial.extra("classroom")) and "jupyterhub" not in locked
