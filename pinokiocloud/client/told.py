"""What an operation says while it goes on, on one line that is written anew: in a cell, a terminal or a log."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

from ..environment import notebook_shell
from .words import on_one_line


@dataclass
class Told:
    """What to show: written by the operation, read by who waits for it."""

    # Now, with amounts; and the same without them, for a log that gets a line for each.
    text: str = ""
    phase: str = ""
    # How things stand when the caller leaves now.
    left: str = ""
    # What stays to be read at the end; without it the line goes, or says in a cell what has become true.
    result: str = ""
    ended: str = ""

    def say(self, phase: str, amounts: str = "") -> None:
        self.phase = on_one_line(phase)
        self.text = on_one_line(f"{phase}{amounts}")


class Line(Protocol):
    """Where it is shown."""

    def show(self, told: Told) -> None: ...
    def leave(self, told: Told) -> None: ...
    def close(self, told: Told) -> None: ...


def open_line(quiet: bool) -> Line:
    if quiet:
        return NoLine()
    if notebook_shell() is not None:
        return CellLine()
    return TerminalLine() if sys.stderr is not None and sys.stderr.isatty() else LogLine()


class NoLine:
    """For what is short or is to be silent."""

    def show(self, told: Told) -> None: ...
    def leave(self, told: Told) -> None: ...
    def close(self, told: Told) -> None: ...


class CellLine:
    """One output of the cell, which changes."""

    def __init__(self) -> None:
        self._id = uuid4().hex
        self._shown = ""

    def show(self, told: Told) -> None:
        self._write(told.text)

    def leave(self, told: Told) -> None:
        self._write(told.left or self._shown)

    def close(self, told: Told) -> None:
        self._write(told.result or (told.ended if self._shown else ""))

    def _write(self, text: str) -> None:
        if text in ("", self._shown):
            return
        from IPython.display import display

        data: dict[str, Any] = {"text/plain": text}
        display(data, raw=True, display_id=self._id, update=self._shown != "")
        self._shown = text


class TerminalLine:
    """One line of standard error, which changes."""

    def __init__(self) -> None:
        self._shown = ""

    def show(self, told: Told) -> None:
        if told.text != self._shown:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(f"\r\x1b[K{told.text[:width]}")
            sys.stderr.flush()
            self._shown = told.text

    def leave(self, told: Told) -> None:
        self._end(told.left)

    def close(self, told: Told) -> None:
        self._end(told.result)

    def _end(self, last: str) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
        if last:
            sys.stderr.write(f"{last}\n")
        sys.stderr.flush()


class LogLine:
    """Standard error where it is no terminal: each phase once, without amounts."""

    def __init__(self) -> None:
        self._shown = ""

    def show(self, told: Told) -> None:
        self._write(told.phase)

    def leave(self, told: Told) -> None:
        self._write(told.left)

    def close(self, told: Told) -> None:
        self._write(told.result)

    def _write(self, text: str) -> None:
        if text and text != self._shown and sys.stderr is not None:
            print(text, file=sys.stderr, flush=True)
            self._shown = text
