"""The console script: hands over to the CLI, which is the same for Python and npm users."""

from __future__ import annotations

import json
import os
import sys

from .assets import asset
from .errors import PinokioError
from .node import node_environment, node_executable


def main() -> None:
    arguments = sys.argv[1:]
    try:
        node = node_executable()
        command = [node, str(asset("cli.mjs")), *arguments]
        os.execve(node, command, node_environment(node))
    except OSError as error:
        fail(PinokioError("node-missing", f"{node} could not be run: {error.strerror}"), arguments)
    except PinokioError as error:
        fail(error, arguments)


def fail(error: PinokioError, arguments: list[str]) -> None:
    if "--json" in arguments:
        print(json.dumps({"error": error.to_wire()}))
    else:
        print(error.message, error.hint or "", sep="\n", file=sys.stderr)
    raise SystemExit(1)
