"""The thread in which all operations run, and how a caller waits for one: in a cell, a script or another loop."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from typing import Any, TypeVar

from .told import Told, open_line

Value = TypeVar("Value")
Operation = Callable[..., Coroutine[Any, Any, Value]]

# How often the line that says what goes on is looked at.
LOOK_EVERY_S = 0.2
# What an operation that was left may still take to put things in order.
LEAVING_S = 15


class Background:
    """A loop in a thread of its own: a notebook's own loop is busy while a cell runs."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, name="pinokiocloud", daemon=True).start()


background: Background | None = None
making = threading.Lock()


def the_loop() -> asyncio.AbstractEventLoop:
    global background
    with making:
        # The thread does not come along when a process forks.
        if background is None or background.pid != os.getpid():
            if background is not None:
                from .sidecar import sidecars

                sidecars.clear()
            background = Background()
        return background.loop


class Work:
    """An operation under way in the background."""

    def __init__(self, coroutine: Awaitable[Any]):
        self.over = threading.Event()
        self._result: Any = None
        self._error: BaseException | None = None
        self._task: asyncio.Task[None] | None = None
        self._listeners: list[Callable[[], None]] = []
        self._loop = the_loop()
        self._loop.call_soon_threadsafe(self._start, coroutine)

    def _start(self, coroutine: Awaitable[Any]) -> None:
        self._task = self._loop.create_task(self._run(coroutine))

    async def _run(self, coroutine: Awaitable[Any]) -> None:
        try:
            self._result = await coroutine
        except BaseException as error:
            self._error = error
        finally:
            self.over.set()
            for listener in self._listeners:
                listener()

    def leave(self) -> None:
        self._loop.call_soon_threadsafe(lambda: self._task.cancel() if self._task else None)

    def when_over(self, listener: Callable[[], None]) -> None:
        def listen() -> None:
            if self.over.is_set():
                listener()
            else:
                self._listeners.append(listener)

        self._loop.call_soon_threadsafe(listen)

    def result(self) -> Any:
        if self._error is not None:
            # A traceback would grow with each time that the same error is raised.
            raise self._error.with_traceback(None)
        return self._result


def call(operation: Operation[Value], *args: Any, quiet: bool = False, **kwargs: Any) -> Value:
    """Runs an operation and waits for it. Ctrl-C leaves it and says how things stand."""
    told = Told()
    line = open_line(quiet)
    work = Work(operation(told, *args, **kwargs))
    try:
        while not work.over.wait(LOOK_EVERY_S):
            line.show(told)
    except KeyboardInterrupt:
        work.leave()
        try:
            work.over.wait(LEAVING_S)
        finally:
            line.leave(told)
        raise
    line.close(told)
    return work.result()


async def acall(operation: Operation[Value], *args: Any, quiet: bool = False, **kwargs: Any) -> Value:
    """The same for a caller with a loop of its own, which goes on meanwhile."""
    told = Told()
    line = open_line(quiet)
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    work = Work(operation(told, *args, **kwargs))
    work.when_over(lambda: call_if_open(loop, over.set))
    try:
        while not await is_over(over, LOOK_EVERY_S):
            line.show(told)
    except asyncio.CancelledError:
        work.leave()
        await is_over(over, LEAVING_S)
        line.leave(told)
        raise
    line.close(told)
    return work.result()


async def is_over(over: asyncio.Event, limit_s: float) -> bool:
    try:
        return await asyncio.wait_for(over.wait(), limit_s)
    except asyncio.TimeoutError:
        return False


def call_if_open(loop: asyncio.AbstractEventLoop, callback: Callable[[], Any]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(callback)


async def next_of(_told: Told, source: AsyncIterator[Value]) -> list[Value]:
    """The next one in a list, or none at the end."""
    try:
        return [await source.__anext__()]
    except StopAsyncIteration:
        return []


async def end_of(_told: Told, source: Any) -> None:
    await source.aclose()


def each(source: AsyncIterator[list[Value]]) -> Iterator[Value]:
    """What an operation yields in pieces, one after the other."""
    try:
        while piece := call(next_of, source, quiet=True):
            yield from piece[0]
    finally:
        if not sys.is_finalizing():
            call(end_of, source, quiet=True)


async def aeach(source: AsyncIterator[list[Value]]) -> AsyncIterator[Value]:
    """The same for a caller with a loop of its own."""
    try:
        while piece := await acall(next_of, source, quiet=True):
            for value in piece[0]:
                yield value
    finally:
        await acall(end_of, source, quiet=True)
