"""A script that runs or has run, for callers that wait. `pinokiocloud.aio` has the same for those that do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, overload

from . import runs
from .address import page_address
from .asking import is_live
from .background import call, each
from .words import on_one_line


class Run:
    """A script that runs, or one that did. What it says of itself is asked for each time."""

    def __init__(self, data: dict[str, Any]):
        self._data = data

    @property
    def id(self) -> str:
        return self._data["id"]

    @property
    def app(self) -> str | None:
        """The app whose script it is."""
        return self._data["appId"]

    @property
    def script(self) -> str:
        return self._data["script"]

    @property
    def is_live(self) -> bool:
        """Whether it was not over when it was asked for."""
        return is_live(self._data)

    @property
    def data(self) -> dict[str, Any]:
        """All that the protocol tells of it now."""
        self._data = call(runs.find, self.id, quiet=True)
        return self._data

    @property
    def status(self) -> str:
        """ "queued", "starting", "running", "waiting" (for an answer), "ready", "stopping", or how it ended."""
        return runs.state_word(self.data)

    @property
    def url(self) -> str | None:
        """Where you open its page, or None while it has none."""
        url = self.local_url
        return None if url is None else page_address(url)

    @property
    def local_url(self) -> str | None:
        """Where programs on its machine reach its page, or None while it has none."""
        return runs.own_address(self.data)

    def wait(self, timeout: float | None = None) -> Run:
        """Waits until it is ready or over; raises what it failed with."""
        self._data = call(runs.wait, self.id, timeout)
        return self

    def wait_ready(self, timeout: float | None = None) -> Run:
        """Waits until a page of it answers; `timeout` is in seconds."""
        self._data = call(runs.wait_for_page, self.id, timeout)
        return self

    def stop(self) -> Run:
        """Stops it, and returns once nothing of it is left; fine when it is over."""
        for stopped in call(runs.stop, self.id):
            if stopped["id"] == self.id:
                self._data = stopped
        return self

    @overload
    def logs(self, *, follow: Literal[False] = False, last_bytes: int | None = None) -> str: ...
    @overload
    def logs(self, *, follow: Literal[True], last_bytes: int | None = None) -> Iterator[str]: ...
    def logs(self, *, follow: bool = False, last_bytes: int | None = None) -> str | Iterator[str]:
        """What it has printed; with `follow` its lines one after the other, until it is over."""
        if follow:
            return each(runs.lines(self.id, last_bytes))
        return call(runs.text, self.id, last_bytes, quiet=True)

    def input(self, text: str, *, enter: bool = True) -> None:
        """Types into its terminal, and presses Enter."""
        call(runs.type_into, self.id, f"{text}\r" if enter else text, quiet=True)

    def questions(self) -> list[dict[str, Any]]:
        """What it asks and waits for, the oldest first: `id`, `kind` and `params` as its script wrote them."""
        return call(runs.questions, self.id, quiet=True)

    def answer(self, value: Any, question: str | None = None) -> None:
        """Answers the oldest question, or the one of that id: an object of a form's keys, or the value itself."""
        call(runs.answer, self.id, value, question, quiet=True)

    def __repr__(self) -> str:
        return f"<Run {self.id}: {on_one_line(self.script)}, {runs.state_word(self._data)}>"


class Running(list[Run]):
    """Runs that are not over. A cell shows them with what they use, and those that have ended."""

    def _ipython_display_(self) -> None:
        from ..session import show_or_say

        show_or_say("running", self)
