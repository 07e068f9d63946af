"""The sidecar as the operations see it: connected when needed, again when lost, left when nobody asks."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from ..bootstrap import finders
from ..errors import PinokioError
from .conversation import Conversation, Output

# Losses in a row after which an operation gives up.
LOSSES = 5
# A connection keeps the sidecar from ending when it has nothing to do.
IDLE_S = 20
WINDOW_BYTES = 1024 * 1024
TOLD_BYTES = WINDOW_BYTES // 8


class Sidecar:
    """One per home and process; everything that asks shares its connection."""

    def __init__(self, home: str | None):
        self._finder = finders.of(home)
        self._conversation: Conversation | None = None
        self._opening = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None

    async def request(self, name: str, params: dict[str, Any] | None = None, *, again: bool = True) -> Any:
        """`again`: it does no harm when it is asked twice, as after a loss of the sidecar nobody knows."""
        for losses in range(LOSSES + 1):
            conversation = await self._connected()
            try:
                return await conversation.request(name, params or {})
            except PinokioError as error:
                if error.code != "not-connected" or not again or losses == LOSSES:
                    raise
            finally:
                self._leave_later()
        raise AssertionError("unreachable")

    async def output(self, run_id: str, offset: int = 0, *, follow: bool) -> AsyncIterator[tuple[str, Any, Any]]:
        """Yields ("bytes", offset, bytes) and ("gap", from, to), over losses of the sidecar too."""
        place = offset
        losses = 0
        while True:
            conversation = await self._connected()
            output: Output | None = None
            try:
                output, opened = await conversation.open_output(run_id, place, WINDOW_BYTES)
                if opened["offset"] > place >= 0:
                    yield "gap", place, opened["offset"]
                place = opened["offset"]
                until = None if follow else opened["size"]
                owed = 0
                while until is None or place < until:
                    kind, at, more = await output.arrived.get()
                    if kind == "end":
                        return
                    if kind == "lost":
                        raise at
                    losses = 0
                    if kind == "bytes":
                        place = at + len(more)
                        owed += len(more)
                    else:
                        place = more
                    yield kind, at, more
                    if owed >= TOLD_BYTES:
                        await conversation.give_credit(output, owed)
                        owed = 0
                return
            except PinokioError as error:
                losses += 1
                if error.code != "not-connected" or losses > LOSSES:
                    raise
            finally:
                if output is not None:
                    await close_quietly(conversation, output)
                self._leave_later()

    async def _connected(self) -> Conversation:
        async with self._opening:
            if self._idle is not None:
                self._idle.cancel()
            if self._conversation is None or self._conversation.lost is not None:
                self._conversation = await Conversation.open(self._finder)
            return self._conversation

    def _leave_later(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(IDLE_S, self._leave)

    def _leave(self) -> None:
        if self._conversation is not None and self._conversation.is_busy:
            self._leave_later()
        elif self._conversation is not None:
            self._conversation.close()
            self._conversation = None


async def close_quietly(conversation: Conversation, output: Output) -> None:
    with suppress(PinokioError):  # it is closed then
        await conversation.close_output(output)


sidecars: dict[str | None, Sidecar] = {}


def the_sidecar() -> Sidecar:
    """Of the home that this process uses."""
    home = os.environ.get("PINOKIOCLOUD_HOME") or None
    return sidecars.setdefault(home, Sidecar(home))
