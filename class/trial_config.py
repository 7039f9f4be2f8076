"""The same class, tried by one person: learners need not be users of this system.

    SOCKET_LAB_CLASS_PASSWORD=... jupyterhub -f class/trial_config.py

Any name signs in with that password, and everybody's cells run as whoever started the Hub: a learner could read
and change everything of all the others. Only for trying it out.
"""

import os
import sys
from pathlib import Path

CLASS = Path(__file__).resolve().parent
PASSWORD = os.environ.get("SOCKET_LAB_CLASS_PASSWORD")
if not PASSWORD:
    sys.exit("Set SOCKET_LAB_CLASS_PASSWORD: what everybody signs in with, 8 characters or more.")

c = get_config()  # noqa: F821 (JupyterHub defines it)
load_subconfig(str(CLASS / "jupyterhub_config.py"))  # noqa: F821

STATE = Path(os.environ.get("SOCKET_LAB_CLASS_STATE", CLASS.parent / ".lab" / "class"))
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = PASSWORD
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(STATE / "homes" / "{username}")
if hasattr(os, "getuid") and os.getuid() == 0:
    c.Spawner.args = ["--allow-root"]
