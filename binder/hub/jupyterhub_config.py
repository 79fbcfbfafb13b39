"""JupyterHub on one server, for a class. `python -m course_utils hub serve` starts it; change here what you need.

Every student has one password, which you tell the class, and picks a name: good for a room, not for grades. For real
accounts take another authenticator, such as oauthenticator's, and leave the rest as it is.
"""

import os
import sys

from course_utils.publish import binder, hub

c = get_config()  # noqa: F821 - JupyterHub provides it

idle = int(os.environ.get("COURSE_HUB_IDLE", hub.IDLE))

c.JupyterHub.bind_url = os.environ.get("COURSE_HUB_URL", hub.ADDRESS)
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["COURSE_HUB_PASSWORD"]  # at least 8 characters
c.Authenticator.allow_all = True

# What a student gets. JupyterHub hands the memory limit to the seat, which holds each of its programs to it.
c.Spawner.cmd = [sys.executable, "-m", "course_utils.publish.seat"]
c.Spawner.default_url = "/lab/tree/" + binder.lesson_file(os.environ.get("COURSE_HUB_LESSON", "01"))
c.Spawner.mem_limit = os.environ.get("COURSE_HUB_MEMORY", hub.MEMORY)
c.Spawner.environment = hub.THREADS
c.Spawner.start_timeout = c.Spawner.http_timeout = 120  # forty at once wait for each other
# one student cannot start what takes the server from the others
c.Spawner.args = [f"--MappingKernelManager.cull_idle_timeout={idle}", "--MappingKernelManager.cull_connected=True"]
c.JupyterHub.active_server_limit = int(os.environ.get("COURSE_HUB_STUDENTS", "40"))
c.JupyterHub.concurrent_spawn_limit = 10

if os.path.isdir("/run/systemd/system") and os.getuid() == 0:
    # Each student is a user of the system's own making, with a cgroup that counts all programs of the student together.
    # The folder of the course must be readable by everybody, so not in a home folder.
    c.JupyterHub.spawner_class = "systemd"
    c.SystemdSpawner.dynamic_users = True
    c.SystemdSpawner.isolate_tmp = True
    c.SystemdSpawner.disable_user_sudo = True
    c.SystemdSpawner.unit_extra_properties = {"ProtectHome": "yes"}
else:
    # All seats run under your own account: good to try a lesson, not for people who must not see each other's files.
    c.JupyterHub.spawner_class = "simple"
    c.SimpleLocalProcessSpawner.home_dir_template = os.path.join(os.getcwd(), "students", "{username}")

# Seats that nobody uses are stopped; the student's files stay.
c.JupyterHub.services = [{
    "name": "idle-culler",
    "command": [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={idle}",
                f"--cull-every={min(300, idle)}"],
}]
c.JupyterHub.load_roles = [{
    "name": "idle-culler",
    "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    "services": ["idle-culler"],
}]
