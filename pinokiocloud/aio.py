"""The same for programs with a loop of their own: `run = await pinokiocloud.aio.start("hello-server")`."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

from . import id_of
from .client import installs
from .client import runs as _runs
from .client.address import page_address
from .client.app import App
from .client.background import acall, aeach
from .client.words import on_one_line

__all__ = ["App", "Run", "app", "apps", "install", "runs", "start", "stop", "wait_ready"]


class Run:
    """A script that runs, or one that did. What it says of itself is asked for each time."""

    def __init__(self, data: dict[str, Any]):
        self._known = data
        self.id: str = data["id"]
        self.app: str | None = data["appId"]
        self.script: str = data["script"]

    async def data(self) -> dict[str, Any]:
        """All that the protocol tells of it now."""
        self._known = await acall(_runs.find, self.id, quiet=True)
        return self._known

    async def status(self) -> str:
        """ "queued", "starting", "running", "waiting" (for an answer), "ready", "stopping", or how it ended."""
        return _runs.state_word(await self.data())

    async def url(self) -> str | None:
        """Where you open its page, or None while it has none."""
        url = await self.local_url()
        return None if url is None else page_address(url)

    async def local_url(self) -> str | None:
        """Where programs on its machine reach its page, or None while it has none."""
        return _runs.own_address(await self.data())

    async def wait(self, timeout: float | None = None) -> Run:
        """Waits until it is ready or over; raises what it failed with."""
        self._known = await acall(_runs.wait, self.id, timeout)
        return self

    async def wait_ready(self, timeout: float | None = None) -> Run:
        """Waits until a page of it answers; `timeout` is in seconds."""
        self._known = await acall(_runs.wait_for_page, self.id, timeout)
        return self

    async def stop(self) -> Run:
        """Stops it, and returns once nothing of it is left; fine when it is over."""
        for stopped in await acall(_runs.stop, self.id):
            if stopped["id"] == self.id:
                self._data = stopped
        return self

    async def logs(self, *, last_bytes: int | None = None) -> str:
        """What it has printed."""
        return await acall(_runs.text, self.id, last_bytes, quiet=True)

    def lines(self, *, last_bytes: int | None = None) -> AsyncIterator[str]:
        """Its lines one after the other, until it is over."""
        return aeach(_runs.lines(self.id, last_bytes))

    async def input(self, text: str, *, enter: bool = True) -> None:
        """Types into its terminal, and presses Enter."""
        await acall(_runs.type_into, self.id, f"{text}\r" if enter else text, quiet=True)

    async def questions(self) -> list[dict[str, Any]]:
        """What it asks and waits for, the oldest first: `id`, `kind` and `params` as its script wrote them."""
        return await acall(_runs.questions, self.id, quiet=True)

    async def answer(self, value: Any, question: str | None = None) -> None:
        """Answers the oldest question, or the one of that id: an object of a form's keys, or the value itself."""
        await acall(_runs.answer, self.id, value, question, quiet=True)

    def __repr__(self) -> str:
        return f"<Run {self.id}: {on_one_line(self.script)}, {_runs.state_word(self._known)}>"


async def install(source: str | os.PathLike[str], **how: Any) -> App:
    """As `pinokiocloud.install`."""
    return App(await acall(installs.install, source, **how))


async def start(app: str | App, script: str | None = None, **how: Any) -> Run:
    """As `pinokiocloud.start` of an app."""
    return Run(await acall(_runs.start, id_of(app), script, **how))


async def stop(which: str | App) -> list[Run]:
    """As `pinokiocloud.stop`."""
    return [Run(data) for data in await acall(_runs.stop, id_of(which))]


async def wait_ready(app: str | App, timeout: float | None = None) -> str:
    """As `pinokiocloud.wait_ready`."""
    return (await acall(_runs.wait_for_page, id_of(app), timeout))["serving"]["url"]


async def apps() -> list[App]:
    """As `pinokiocloud.apps`."""
    return [App(data) for data in await acall(installs.apps, quiet=True)]


async def app(app_id: str) -> App:
    """As `pinokiocloud.app`."""
    return App(await acall(installs.app, app_id, quiet=True))


async def runs(which: str | App | None = None) -> list[Run]:
    """As `pinokiocloud.runs`."""
    return [Run(data) for data in await acall(_runs.listed, None if which is None else id_of(which), quiet=True)]
