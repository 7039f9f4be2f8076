"""How JupyterLab behaves on the lab, wherever it runs: `npm run jupyter`, or a class on JupyterHub.

Read by Jupyter Server, which finds this folder in JUPYTER_CONFIG_PATH.
"""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from nbformat import NO_CONVERT, reads
from nbformat.sign import NotebookNotary

LAB = Path(__file__).resolve().parents[4]
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


def shipped():
    """Of each notebook's name, the bytes that came with the lab: in a class those of the shared one, else git's."""
    shared = os.environ.get("SOCKET_LAB_SHIPPED")
    if shared:
        return {file.name: file.read_bytes() for file in Path(shared, "notebooks").glob("*.ipynb")}
    git = ["git", "-C", str(LAB)]
    try:
        names = subprocess.run([*git, "ls-tree", "--name-only", "HEAD:notebooks"], capture_output=True, check=True)
        return {
            name: subprocess.run([*git, "show", f"HEAD:notebooks/{name}"], capture_output=True, check=True).stdout
            for name in names.stdout.decode().splitlines()
            if name.endswith(".ipynb")
        }
    except (OSError, subprocess.CalledProcessError):
        return {}


def trust_notebooks():
    """JupyterLab shows stored drawings, and runs stored scripts, of the notebooks that it trusts.

    Those are the ones that are as they came with the lab. Whatever else lies there may be anybody's, and a
    learner's copy has no stored output until JupyterLab itself has run it, which then trusts it.
    """
    notary = NotebookNotary()
    for name, content in shipped().items():
        file = LAB / "notebooks" / name
        try:
            if file.read_bytes() == content:
                notary.sign(reads(content.decode(), as_version=NO_CONVERT))
        except Exception as error:  # a notebook that cannot be read is no reason not to start
            print(f"{name} cannot be read: {error}", file=sys.stderr)
    notary.store.close()


def end_with_standard_input():
    """Whoever started this server holds the other end: when that is gone, so is the need for the server."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


trust_notebooks()
if os.environ.get("SOCKET_LAB_END_WITH_STDIN"):
    threading.Thread(target=end_with_standard_input, daemon=True).start()
