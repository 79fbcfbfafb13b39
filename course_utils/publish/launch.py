"""Run inside a tried image (see image.py): start its server as the image does, open a lesson, run it, report.

`python -m course_utils.publish.launch 01_neuron` prints one line of JSON. Nothing but this machine is asked.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

from course_utils.publish import trial

TOKEN = os.urandom(16).hex()


def raise_loopback():
    """Switch on the one network device of a fresh namespace; elsewhere it is on already, or we may not."""
    import fcntl

    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        fcntl.ioctl(device, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up, running


def served(command, cwd, seconds=90):
    """Start a Jupyter server and wait until it answers; gives (process, its address, seconds until then)."""
    log = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115 - the server writes to it until it ends
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    while time.monotonic() - begun < seconds and process.poll() is None:
        log.seek(0)
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read())
        if found:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{found[0]}/api/status?token={TOKEN}", timeout=10).close()
                return process, found[0], time.monotonic() - begun
        time.sleep(0.1)
    process.kill()
    raise SystemExit("the server did not start")


def main(stem):
    """Do it all and print the findings."""
    if sys.platform == "linux":
        raise_loopback()
    from course_utils.publish import bench

    options = ["--ip", "127.0.0.1", "--no-browser", f"--ServerApp.token={TOKEN}", "--port=18888"]
    options += ["--allow-root"] if hasattr(os, "getuid") and os.getuid() == 0 else []
    server = "notebook" if shutil.which("jupyter-notebook") else "lab"  # an image has both
    process, address, ready = served(["jupyter", server, *options], os.getcwd())
    try:
        codes = []
        for path in (f"lab/tree/notebooks/{stem}.ipynb", f"api/contents/notebooks/{stem}.ipynb"):
            with urllib.request.urlopen(f"{address}/{path}?token={TOKEN}", timeout=60) as reply:
                codes.append(reply.status)
        row, _, error = bench.measure(stem, "course-cpu")
        memory = trial.pss(process.pid) / 1e6
    finally:
        process.terminate()
        process.wait()
    claims = row["claims"]
    print(json.dumps({
        "ready": ready, "opened": codes == [200, 200], "seconds": row["seconds"], "memory": row["peak_memory_mb"],
        "server": memory, "error": error, "claims": f"{sum(one['holds'] for one in claims)}/{len(claims)}",
    }))  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1])
