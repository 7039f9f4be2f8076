"""The trial class, with a key for the test that plays its learners."""

import os
from pathlib import Path

c = get_config()  # noqa: F821 (JupyterHub defines it)
load_subconfig(str(Path(__file__).resolve().parents[3] / "class" / "trial_config.py"))  # noqa: F821

c.JupyterHub.services = [{"name": "learners", "api_token": os.environ["HUB_TOKEN"]}]
c.JupyterHub.load_roles = [
    {
        "name": "learners",
        "services": ["learners"],
        "scopes": ["admin:users", "admin:servers", "access:servers"],
    }
]
