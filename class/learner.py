"""Starts a learner's JupyterLab, as the learner, on their own copy of the lab: ~/socket-lab.

JupyterHub runs it (jupyterhub_config.py). The copy is made the first time. It has all but the packages, which
are links to those of the lab that the class shares: 300 MB less a learner, and nobody can change them.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

LAB = Path(__file__).resolve().parent.parent
COPY = Path.home() / "socket-lab"
NOT_COPIED = shutil.ignore_patterns(".git", ".lab", "book", "class", "dist", "node_modules", "practice")
# sockaddr_un holds 107 bytes; jupyter_client adds "/kernel-", a UUID, "-ipc-" and a digit.
LONGEST_RUNTIME_FOLDER = 107 - len("/kernel-") - 36 - len("-ipc-9")


def make_copy():
    """All at once: a copy that was interrupted is made again."""
    draft = Path(tempfile.mkdtemp(prefix=".socket-lab-", dir=COPY.parent))
    try:
        made = draft / COPY.name
        # Times are kept: what is built from an unchanged source need not be built again.
        shutil.copytree(LAB, made, ignore=NOT_COPIED, symlinks=True)
        link_packages(made / "node_modules")
        made.chmod(0o700)  # neighbours have no business there
        made.rename(COPY)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def link_packages(packages):
    """A folder of the learner's own, with links in it: tools keep what they build in `.cache` there."""
    shared = LAB / "node_modules"
    packages.mkdir()
    for package in shared.iterdir():
        if package.name == ".bin" or not package.name.startswith("."):
            (packages / package.name).symlink_to(package)
    built = shared / ".cache" / "socket-lab"
    if built.is_dir():
        kernels = packages / ".cache" / "socket-lab"
        kernels.mkdir(parents=True)
        for kernel in built.iterdir():
            if kernel.name.startswith("kernel-") and os.access(kernel, os.R_OK | os.X_OK):
                (kernels / kernel.name).symlink_to(kernel)


def main():
    if not COPY.exists():
        make_copy()
    os.chdir(COPY)
    home = COPY / ".lab" / "jupyter"
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.update(
        JUPYTER_PATH=str(COPY / ".jupyter"),
        JUPYTER_CONFIG_PATH=str(COPY / "src" / "tools" / "jupyter" / "config"),
        JUPYTER_CONFIG_DIR=str(home / "config"),
        JUPYTER_DATA_DIR=str(home / "data"),
        JUPYTER_RUNTIME_DIR=str(runtime),
        IPYTHONDIR=str(home / "ipython"),
        SOCKET_LAB_SHIPPED=str(LAB),
    )
    arguments = [f"--ServerApp.root_dir={COPY}"]
    # Kernels talk to their server through files of the learner's. TCP ports are chosen a second before the
    # kernel listens on them, and meanwhile a cell of another learner may get one.
    if len(os.fsencode(runtime)) <= LONGEST_RUNTIME_FOLDER:
        arguments.append("--KernelManager.transport=ipc")
    # A kernel that nobody has looked at for an hour gives back its memory.
    arguments += ["--MappingKernelManager.cull_idle_timeout=3600", "--MappingKernelManager.cull_interval=300"]
    os.execv(sys.executable, [sys.executable, "-m", "jupyterhub.singleuser", *arguments, *sys.argv[1:]])


main()
