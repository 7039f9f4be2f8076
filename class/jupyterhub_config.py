"""The lab for a class on one host. See docs/class.md.

    jupyterhub -f class/jupyterhub_config.py

Learners are users of this system: each signs in with their own password, and their cells run as themselves.
"""

import os
import shutil
import socket
import sys
from pathlib import Path

CLASS = Path(__file__).resolve().parent
LAB = CLASS.parent
# The Hub's own files: who has signed in, and the secrets that cookies are signed with.
STATE = Path(os.environ.get("SOCKET_LAB_CLASS_STATE", LAB / ".lab" / "class"))
PROXY = CLASS / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
NODE = shutil.which("node")

# Ports of learners' servers. The system hands out ports from 32768 on (Linux), to cells too: from below
# nobody can be given the port that a learner's server is about to listen on.
FIRST_SERVER_PORT = 20_000
SERVER_PORTS = 10_000

for needed, remedy in (
    (NODE, "Node.js is not on PATH: see https://nodejs.org/"),
    ((LAB / "node_modules").is_dir(), f"the lab is not installed: run `npm ci` in {LAB}"),
    (PROXY.exists(), f"the proxy is not installed: run `npm ci --prefix class` in {LAB}"),
):
    if not needed:
        sys.exit(remedy)
STATE.mkdir(mode=0o700, parents=True, exist_ok=True)

c = get_config()  # noqa: F821 (JupyterHub defines it)

# Each learner's server has an origin of its own, NAME.HOST, so that no page of one can act as another. Names
# below "localhost" are this machine in every browser; a class on the network needs DNS for *.HOST.
c.JupyterHub.subdomain_host = os.environ.get("SOCKET_LAB_CLASS_URL", "http://localhost:8888")

# On this machine only: a web server with TLS in front of it is for the network (docs/class.md). None of the
# ports is one of the lab's own: 8000, 8080, 9090.
c.JupyterHub.bind_url = "http://127.0.0.1:8888/"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:8889/"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:8890/"
c.ConfigurableHTTPProxy.command = [NODE, str(PROXY)]
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{STATE / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")

# Users of this system, with the passwords that they have here.
c.JupyterHub.authenticator_class = "pam"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"

# learner.py makes the learner's copy of the lab, and starts JupyterLab on it, as the learner.
c.Spawner.cmd = [sys.executable, str(CLASS / "learner.py")]
c.Spawner.default_url = "/lab/tree/notebooks/00-start-here.ipynb"
c.Spawner.start_timeout = 120  # seconds; a whole class may start at once
c.Spawner.http_timeout = 120
c.Spawner.environment = {
    "PATH": os.pathsep.join([str(Path(NODE).parent), os.environ.get("PATH", os.defpath)]),
    # Ten learners cannot all have port 8080: cells ask the system for one, and print which.
    "SOCKET_LAB_PORTS": "system",
}


def give_a_port(spawner):
    """The first port that is free, counted from the learner's number: no two learners begin at the same."""
    for step in range(SERVER_PORTS):
        port = FIRST_SERVER_PORT + (spawner.user.id + step) % SERVER_PORTS
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        spawner.port = port
        return
    raise RuntimeError("no port is free for this server")


c.Spawner.pre_spawn_hook = give_a_port
