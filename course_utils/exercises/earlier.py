"""Lessons that still run on the reader's own server: each holds up to 0.9 GB, and a Binder gives 1 or 2.

The server that started this kernel is asked which notebooks it runs. Nothing else is: not another machine, and not
another server of this one.
"""

import html
import http.client
import json
import os
import re
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

LESSON = re.compile(r"(\d\d_\w+)\.ipynb")
SECONDS = 1.0  # to wait for an answer
# What a server that is busy, has gone, or lets nobody in makes of a question: then nothing is offered.
NO_ANSWER = (OSError, ValueError, KeyError, TypeError, http.client.HTTPException)


def running():
    """The lessons that run beside this one, {name: function that shuts its kernel down}; empty where nobody knows."""
    try:
        server = _server()
        return {name: lambda number=number: _ask(server, f"api/sessions/{number}", "DELETE")
                for name, number in _others(server)} if server else {}
    except NO_ANSWER:
        return {}


def offer():
    """A widget that names the lessons still running, with a button for each that shuts it down; or None."""
    found = running()
    if not found:
        return None
    import ipywidgets as widgets

    rows = []
    for name, end in found.items():
        words = widgets.HTML(f"Lesson <b>{html.escape(name)}</b> still runs and holds memory. What it calculated goes "
                             "when you shut it down; its saved notebook stays.")
        button = widgets.Button(description=f"Shut {name} down", layout={"width": "auto", "flex": "none"})
        button.on_click(lambda button, name=name, end=end, words=words: _shut(button, name, end, words))
        rows.append(widgets.HBox([words, button], layout={"align_items": "center"}))
    return widgets.VBox(rows)


def _shut(button, name, end, words):
    button.disabled = True
    try:
        end()
        words.value = f"Lesson <b>{html.escape(name)}</b> is shut down."
    except NO_ANSWER:
        words.value = (f"The server did not answer, so lesson <b>{html.escape(name)}</b> may still run: shut it down "
                       "in JupyterLab's panel of running kernels.")


def _server():
    """What the server that started this kernel wrote about itself, or None (no server, or one of another machine)."""
    number = os.environ.get("JPY_PARENT_PID")
    if not number:
        return None
    from jupyter_core.paths import jupyter_runtime_dir

    file = Path(jupyter_runtime_dir(), f"jpserver-{int(number)}.json")
    if not file.exists():
        return None
    server = json.loads(file.read_text(encoding="utf-8"))
    return server if urlsplit(server["url"]).hostname in ("127.0.0.1", "localhost", "::1") else None


def _others(server):
    """(name, number of the session) of each lesson whose kernel is not this one."""
    from ipykernel.connect import get_connection_file

    own = Path(get_connection_file()).stem.removeprefix("kernel-")
    for session in json.loads(_ask(server, "api/sessions")):
        found = LESSON.fullmatch(session["path"].rsplit("/", 1)[-1])
        if found and session["kernel"]["id"] != own:
            yield found[1], session["id"]


def _ask(server, path, method="GET"):
    token = server.get("token") or os.environ.get("JUPYTERHUB_API_TOKEN", "")
    address = f"{server['url'].rstrip('/')}/{path}"
    request = urllib.request.Request(address, method=method, headers={"Authorization": f"token {token}"})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy would be another machine
    with direct.open(request, timeout=SECONDS) as answer:
        return answer.read()
