"""`python -m course_utils lab`: JupyterLab on the lessons, quiet and without a request to the outside."""

import errno
import os
import socket

from course_utils.publish.environment import ROOT, CourseError

# Settings for JupyterLab: no news, no question whether there is an update, no catalog of extensions. Nothing leaves
# this machine. The Binder image copies the same files.
SETTINGS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "jupyter")


def add_arguments(parser):
    """Add the options of `python -m course_utils lab`."""
    parser.add_argument("--no-browser", action="store_true", help="print the address instead of opening a browser")
    parser.add_argument("--port", type=int, help="the port to listen on (default: the first free one from 8888)")
    parser.add_argument("--gpu", action="store_true", help="install the packages for NVIDIA GPUs (Linux, 12 GB)")


def before_set_up(arguments):
    """Refuse a port that cannot be had before anything is installed."""
    if arguments.port is not None:
        check_port(arguments.port)


def check_port(port):
    """Raise CourseError unless a server can listen on this port of the local machine."""
    if not 1 <= port <= 65535:
        raise CourseError(f"--port is {port}, and ports go from 1 to 65535: choose another, such as --port 8899.")
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as server:
                if os.name == "posix":  # a port that was closed a moment ago is free
                    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                server.bind((address, port))
        except PermissionError:
            raise CourseError(f"Port {port} is reserved for the system: choose another, such as --port 8899.") from None
        except OSError as error:
            if family == socket.AF_INET or error.errno == errno.EADDRINUSE:
                raise CourseError(f"Port {port} is in use: choose another, such as --port {port + 1}.") from None


def lab_arguments(arguments, root=ROOT):
    """Return the command line of JupyterLab."""
    line = ["--ServerApp.root_dir=" + os.path.join(root, "notebooks")]
    # tabs of other projects are not opened again here, nor ours there
    line.append("--LabApp.workspaces_dir=" + os.path.join(root, ".jupyter", "workspaces"))
    if arguments.port is not None:
        line += [f"--ServerApp.port={arguments.port}", "--ServerApp.port_retries=0"]
    line.append("--Application.log_level=WARN")  # the address is printed in any case
    if arguments.no_browser:
        line.append("--no-browser")
    if hasattr(os, "getuid") and os.getuid() == 0:  # containers; JupyterLab refuses it otherwise
        line.append("--allow-root")
    return line


def main(arguments):
    """Run JupyterLab until it is stopped; returns its exit status."""
    before_set_up(arguments)
    configured = [SETTINGS, os.environ.get("JUPYTER_CONFIG_PATH")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(path for path in configured if path)
    print("JupyterLab begins; to stop it, press Ctrl-C twice in this window.", flush=True)
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(lab_arguments(arguments))
    return 0
