"""How JupyterLab behaves on the lab, wherever it runs: `npm run jupyter`, or a class on JupyterHub.

Read by Jupyter Server, which finds this folder in JUPYTER_CONFIG_PATH.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from nbformat import NO_CONVERT, read
from nbformat.sign import NotebookNotary

LAB = Path(__file__).resolve().parents[3]
KERNEL = "socket-lab"

c = get_config()  # noqa: F821 (Jupyter defines it)

# Our kernel, and nothing to choose.
c.KernelSpecManager.allowed_kernelspecs = {KERNEL}
c.MultiKernelManager.default_kernel_name = KERNEL

# Nothing is asked of other hosts, nor of npm, which would leave files in the home folder.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
c.LanguageServerManager.autodetect = False

# SIGINT ends the server without a question.
c.ServerApp.answer_yes = True


def trust_notebooks():
    """JupyterLab shows stored drawings only of notebooks that it trusts: these came with all the other code here."""
    notary = NotebookNotary()
    for file in [*LAB.glob("notebooks/*.ipynb"), *LAB.glob("practice/*.ipynb")]:
        try:
            notary.sign(read(file, as_version=NO_CONVERT))
        except Exception as error:  # a notebook that was left half-edited is no reason not to start
            print(f"{file.name} cannot be read: {error}", file=sys.stderr)
    notary.store.close()


def end_with_standard_input():
    """Whoever started this server holds the other end: when that is gone, so is the need for the server."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


trust_notebooks()
if os.environ.get("SOCKET_LAB_END_WITH_STDIN"):
    threading.Thread(target=end_with_standard_input, daemon=True).start()
