"""What the browser tests share: a real JupyterLab and a real Chromium, with a notebook opened and run in them."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]


def chromium():
    """The path of an installed Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def write_notebook(path, *cells):
    """Write a notebook with these code cells; the course's package is found from it."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    return Path(path)


@contextlib.contextmanager
def jupyterlab(folder, home):
    """Serve the folder from a JupyterLab of its own on a free port; gives (address, token) and ends it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Path(home) / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    environment = dict(
        os.environ, JUPYTER_CONFIG_DIR=f"{home}/config", JUPYTERLAB_SETTINGS_DIR=f"{home}/settings",
        JUPYTERLAB_WORKSPACES_DIR=f"{home}/workspaces", PYTHONPATH=str(ROOT))
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
               "--IdentityProvider.token=browser-tests", f"--ServerApp.root_dir={folder}", "--expose-app-in-browser",
               "--LabApp.extension_manager=readonly"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    with open(Path(home) / "lab.log", "w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(port, server)
            yield f"http://127.0.0.1:{port}", "browser-tests"
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(port, server, seconds=90):
    begin = time.monotonic()
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if server.poll() is not None or time.monotonic() - begin > seconds:
                raise RuntimeError("JupyterLab did not start; its log is lab.log in the test's folder") from None
            time.sleep(0.2)


class OpenNotebook:
    """A notebook in the browser: `.page` (Playwright), `.console` errors and `.outside` requests seen so far."""

    def __init__(self, page, address):
        self.page, self.console, self.outside = page, [], []
        page.on("console", lambda message: self.console.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.console.append(str(error)))

        def gate(route):
            if route.request.url.startswith((address, "data:", "blob:")):
                route.continue_()
            else:
                self.outside.append(route.request.url)
                route.abort()

        page.context.route("**/*", gate)

    def run_all(self, seconds=120):
        """Run every cell and wait until the last is done and has been drawn."""
        self.page.evaluate("""() => {
            window.__ran = false;
            window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => window.__ran = true); }""")
        self.page.wait_for_function("() => window.__ran", timeout=1000 * seconds)
        self.page.wait_for_timeout(800)

    def errors(self):
        """The texts of error outputs and of what was written to stderr."""
        found = ".jp-OutputArea-output[data-mime-type*='error'], [data-mime-type*='stderr']"
        return self.page.locator(found).all_text_contents()


@contextlib.contextmanager
def open_notebook(path, home, width=1280, height=720, through=contextlib.nullcontext):
    """Open the notebook at path in a fresh JupyterLab and browser; gives an OpenNotebook, not yet run.

    home: an empty folder for the server's settings and its log. The notebook's own folder is what is served.
    through: a context manager that takes the server's address and gives the one to go to, such as a slow proxy's.
    """
    from playwright.sync_api import sync_playwright

    path = Path(path)
    with jupyterlab(path.parent, home) as (server, token), through(server) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), headless=True, args=FLAGS)
        try:
            page = browser.new_context(viewport={"width": width, "height": height}).new_page()
            notebook = OpenNotebook(page, address)
            page.goto(f"{address}/doc/tree/{path.name}?token={token}", timeout=90_000)
            page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=90_000)
            page.wait_for_function("() => window.jupyterapp", timeout=60_000)
            # Run All before the kernel is there makes JupyterLab ask which kernel to take, and wait for an answer.
            page.evaluate("() => window.jupyterapp.shell.currentWidget.context.sessionContext.ready")
            page.wait_for_timeout(500)
            yield notebook
        finally:
            browser.close()
