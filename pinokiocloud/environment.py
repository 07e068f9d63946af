"""What this process can see around it: the platform, the front end, and what the Jupyter server offers pages."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from .choose import Facts


@dataclass(frozen=True)
class Place:
    label: str
    keeps: str
    signs: tuple[str, ...] = ()


# In words, and only for the line above the tabs: the sidecar's platforms decide everything else, and a test compares
# the two. First match wins; a sign is an environment variable or, with a slash, a path.
PLACES = (
    Place(
        "Kaggle",
        "Only /kaggle/working (20 GB) is kept, and only in a saved version; apps live in /kaggle/tmp",
        ("KAGGLE_KERNEL_RUN_TYPE", "KAGGLE_URL_BASE"),
    ),
    Place(
        "Google Colab",
        "Files on this machine vanish with it; what must stay belongs on your Google Drive",
        ("COLAB_RELEASE_TAG",),
    ),
    Place(
        "Lightning AI Studio",
        "Files in this studio are kept when it sleeps",
        ("LIGHTNING_CLOUDSPACE_HOST", "/teamspace/studios/this_studio"),
    ),
    Place("RunPod", "/workspace is kept while the pod exists, and longer on a network volume", ("RUNPOD_POD_ID",)),
    Place("Vast.ai", "/workspace is kept until the instance is destroyed", ("VAST_CONTAINERLABEL",)),
    Place(
        "Paperspace",
        "/notebooks and /storage are kept; the rest vanishes with the machine",
        ("PAPERSPACE_NOTEBOOK_REPO_ID", "PAPERSPACE_FQDN"),
    ),
    Place(
        "JupyterHub",
        "Your home folder is kept; ask the hub's operator about the rest",
        ("JUPYTERHUB_USER", "JUPYTERHUB_API_URL"),
    ),
)
THIS_MACHINE = Place("This machine", "Everything stays on this machine's disk")


def where(env: Mapping[str, str] = os.environ, exists=os.path.exists) -> Place:
    def shows(sign: str) -> bool:
        return exists(sign) if "/" in sign else sign in env

    return next((place for place in PLACES if any(map(shows, place.signs))), THIS_MACHINE)


def gather_facts() -> Facts:
    """Everything `choose_widget` looks at."""
    front_end = detect_front_end(os.environ, notebook_shell())
    importable = {name: find_spec(name) is not None for name in ("ipywidgets", "anywidget")}
    if front_end != "jupyter":
        return Facts(front_end, **importable, our_extension="missing", anywidget_extension="missing")
    server = find_server()
    return Facts(
        front_end,
        **importable,
        our_extension=extension_state("pinokiocloud", server),
        anywidget_extension=extension_state("anywidget", server),
    )


def notebook_shell():
    """The IPython shell of a kernel, or None in a terminal and in plain Python. IPython is not imported for this."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell if getattr(shell, "kernel", None) is not None else None


def detect_front_end(env: Mapping[str, str], shell) -> str:
    if shell is None:
        return "terminal"
    # VS Code names the notebook in the kernel's variables, wherever that kernel runs. Its environment variables would
    # also be those of a Jupyter server that was started in its terminal.
    if "__vsc_ipynb_file__" in shell.user_ns:
        return "vscode"
    if "KAGGLE_KERNEL_RUN_TYPE" in env:
        return "kaggle"
    if "COLAB_RELEASE_TAG" in env:
        return "colab"
    return "jupyter"


@dataclass(frozen=True)
class JupyterServer:
    """The server that started this kernel. Its Python may be another one than the kernel's."""

    prefix: str
    started_at: float | None


def find_server() -> JupyterServer:
    try:
        import psutil  # ipykernel depends on it

        parent = psutil.Process(int(os.environ.get("JPY_PARENT_PID") or os.getppid()))
        command = parent.cmdline()
        if any("jupyter" in part for part in command[:3]):
            return JupyterServer(prefix_of(command[0]), parent.create_time())
    except Exception:
        pass  # Not permitted, gone, or no psutil: then what this kernel sees has to do.
    return JupyterServer(sys.prefix, None)


def prefix_of(python: str) -> str:
    """Of the environment a Python belongs to, links not followed: a venv's python is one to the system's."""
    return os.path.dirname(os.path.dirname(python)) if os.path.isabs(python) else sys.prefix


# Linux gives the time of a process's start relative to that of the machine's, which it gives in whole seconds.
START_TIME_IS_GOOD_TO_S = 2


def extension_state(name: str, server: JupyterServer) -> str:
    found = find_extension(name, server)
    if found is None:
        return "missing"
    if is_disabled(name, server):
        return "disabled"
    # An installer may give the files inside older dates than now, but it has to make the folder.
    installed_at = max(os.lstat(found).st_mtime, os.stat(found / "package.json").st_mtime)
    if server.started_at is not None and installed_at > server.started_at + START_TIME_IS_GOOD_TO_S:
        return "new"
    return "ready"


def find_extension(name: str, server: JupyterServer) -> Path | None:
    from jupyter_core.paths import jupyter_path

    own = os.path.join(sys.prefix, "share", "jupyter")
    servers = os.path.join(server.prefix, "share", "jupyter")
    for folder in (servers, *jupyter_path()):
        extension = Path(folder, "labextensions", name)
        # The kernel's own environment counts only when the server looks there as well.
        if (folder != own or own == servers) and (extension / "package.json").is_file():
            return extension
    return None


def is_disabled(name: str, server: JupyterServer) -> bool:
    from jupyter_core.paths import jupyter_config_path

    pages = [Path(folder, "labconfig", "page_config.json") for folder in jupyter_config_path()]
    pages.append(Path(server.prefix, "etc", "jupyter", "labconfig", "page_config.json"))
    pages.append(Path(server.prefix, "share", "jupyter", "lab", "settings", "page_config.json"))
    return any(name in disabled_extensions(page) for page in pages)


def disabled_extensions(page_config: Path) -> set[str]:
    try:
        disabled = json.loads(page_config.read_text("utf-8")).get("disabledExtensions") or {}
    except (OSError, ValueError, AttributeError):
        return set()
    return {name for name, is_off in disabled.items() if is_off} if isinstance(disabled, dict) else set(disabled)
