"""Kernel side of the comm transport: carries frames between this kernel's widgets and the sidecar.

Everything happens in one thread of its own, so that a running cell does not hold it up and it never holds up a cell.
That thread must not print: its words would land under whatever cell runs. What it has to say goes to the browser.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import count

from .assets import view_bundle
from .bootstrap import finders
from .errors import PinokioError
from .frames import SidecarConnection, connect_to_sidecar

# Jupyter servers drop what a kernel says beyond about 1000 messages a second, so we stay far below: this many seconds
# pass between two messages of one kernel, whatever the number of views.
SEND_INTERVAL_S = 0.05
BATCH_BYTES = 4 * 1024 * 1024
BATCH_FRAMES = 1024
# A browser that has not acknowledged this many batches gets no more, and its sidecar connection is not read.
BATCHES_IN_FLIGHT = 2
# What a browser may send ahead of a sidecar that does not read.
INBOX_BYTES = 64 * 1024 * 1024
# A page that was reloaded or closed often cannot say so: a silent one is asked for a sign of life, then given up.
ASK_AFTER_S = 60
GIVE_UP_AFTER_S = 300
WATCH_INTERVAL_S = 15

# DEBUG only: without a handler, logging prints warnings to stderr.
log = logging.getLogger("pinokiocloud.bridge")

# Of this process, so that a late acknowledgement never counts for a newer connection of the same view.
batch_numbers = count(1)


class Bridge:
    """One per kernel. `attach` a widget, and its views in the browser can reach the sidecar."""

    def __init__(self):
        self._views: dict[str, View] = {}
        self._notes: deque[tuple[Reply, dict, Sequence[bytes]]] = deque()
        self._something_to_send = asyncio.Event()
        self._tasks: set[asyncio.Task] = set()
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda _, context: log.debug("%s", context))
        threading.Thread(target=self._run, name="pinokiocloud-bridge", daemon=True).start()

    def attach(self, widget) -> None:
        widget.on_msg(self._on_browser_message)

    def _on_browser_message(self, widget, content, buffers) -> None:
        # This runs on a kernel thread, in the context of the browser's message. Answers are sent in that context too:
        # ipykernel 7 hands further messages of a comm to the (sub)shell that its last message out was an answer to,
        # and the main shell would be the wrong one while a cell runs in it.
        reply = Reply(widget, contextvars.copy_context())
        self._loop.call_soon_threadsafe(self._handle, reply, content, buffers or ())

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._keep(self._send_to_browsers())
        self._keep(self._watch_for_silence())
        self._loop.run_forever()

    def _keep(self, coroutine) -> None:
        task = self._loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # From the browser

    def _handle(self, reply: Reply, message: dict, buffers: Sequence) -> None:
        kind = message.get("t")
        if kind == "need-bundle":
            self._note(reply, *bundle_answer(message.get("hash")))
            return
        view_id = message.get("view")
        if not isinstance(view_id, str):
            return
        if kind == "open":
            self._open(view_id, reply)
            return
        view = self._views.get(view_id)
        if view is None:
            if kind == "frames":
                self._note(reply, closed_note(view_id, unknown_view()))
            return
        view.hear(reply, self._loop.time())
        if kind == "frames":
            view.take_in(message.get("kinds") or (), buffers)
        elif kind == "ack":
            view.acknowledge(message.get("batch"))
            self._something_to_send.set()
        elif kind == "close":
            self._drop(view)

    def _open(self, view_id: str, reply: Reply) -> None:
        previous = self._views.get(view_id)
        if previous is not None:
            self._drop(previous)
        view = View(view_id, reply, self._loop.time(), self._something_to_send.set)
        self._views[view_id] = view
        self._keep(self._serve(view))

    async def _serve(self, view: View) -> None:
        """The whole life of one view's connection."""
        try:
            finder = finders.of(os.environ.get("PINOKIOCLOUD_HOME"))
            connection = await connect_to_sidecar(finder, "comm")
        except PinokioError as error:
            view.end(error)
            return
        try:
            if view.is_over:
                return
            self._note(view.reply, {"t": "opened", "view": view.id})
            await view.pump(connection)
        finally:
            connection.close()

    def _drop(self, view: View) -> None:
        """Ends a view without a word: nobody listens, or the browser asked for it."""
        view.drop()
        if self._views.get(view.id) is view:
            del self._views[view.id]

    async def _watch_for_silence(self) -> None:
        while True:
            await asyncio.sleep(WATCH_INTERVAL_S)
            for view in list(self._views.values()):
                silent_s = self._loop.time() - view.heard_at
                if silent_s > GIVE_UP_AFTER_S:
                    self._note(view.reply, closed_note(view.id, no_sign_of_life(silent_s)))
                    self._drop(view)
                elif silent_s > ASK_AFTER_S:
                    view.ask_for_sign_of_life()

    # To the browser

    def _note(self, reply: Reply, message: dict, buffers: Sequence[bytes] = ()) -> None:
        """Sends something that is not a batch of frames, before the frames that wait."""
        self._notes.append((reply, message, buffers))
        self._something_to_send.set()

    async def _send_to_browsers(self) -> None:
        while True:
            await self._something_to_send.wait()
            if self._send_one():
                await asyncio.sleep(SEND_INTERVAL_S)
            else:
                self._something_to_send.clear()

    def _send_one(self) -> bool:
        if self._notes:
            reply, message, buffers = self._notes.popleft()
            reply.send(message, buffers)
            return True
        for view in list(self._views.values()):
            message = view.next_message()
            if message is None:
                continue
            # To the end of the line, so that a busy view leaves room for the others.
            self._views[view.id] = self._views.pop(view.id)
            sent = view.reply.send(*message)
            if not sent or view.finished:
                self._drop(view)
            return True
        return False


class View:
    """One view in a browser, with its own connection to the sidecar. Used in the bridge's thread only."""

    def __init__(self, view_id: str, reply: Reply, now: float, wake: Callable[[], None]):
        self.id = view_id
        self.reply = reply
        self.heard_at = now
        self.dropped = False
        self.finished = False
        self._wake = wake
        self._asked = False
        self._error: PinokioError | None = None
        self._pumps: list[asyncio.Task] = []
        self._inbox: deque[tuple[int, bytes | memoryview]] = deque()
        self._inbox_bytes = 0
        self._inbox_filled = asyncio.Event()
        self._outbox: deque[tuple[int, bytes]] = deque()
        self._outbox_bytes = 0
        self._outbox_has_room = asyncio.Event()
        self._outbox_has_room.set()
        self._unacknowledged: deque[int] = deque()

    @property
    def is_over(self) -> bool:
        return self.dropped or self._error is not None

    def hear(self, reply: Reply, now: float) -> None:
        self.reply = reply
        self.heard_at = now
        self._asked = False

    def ask_for_sign_of_life(self) -> None:
        """The next message goes out even if it is empty: the browser acknowledges every batch."""
        self._asked = not self._unacknowledged
        self._wake()

    async def pump(self, connection: SidecarConnection) -> None:
        self._pumps = [
            asyncio.ensure_future(self._from_sidecar(connection)),
            asyncio.ensure_future(self._to_sidecar(connection)),
        ]
        done, pending = await asyncio.wait(self._pumps, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        failures = [task.exception() for task in done if not task.cancelled()]
        if not self.dropped and failures:
            self.end(PinokioError("not-connected", str(failures[0])))

    async def _from_sidecar(self, connection: SidecarConnection) -> None:
        while True:
            await self._outbox_has_room.wait()
            frame = await connection.read()
            self._outbox.append(frame)
            self._outbox_bytes += len(frame[1])
            self._note_outbox_room()
            self._wake()

    async def _to_sidecar(self, connection: SidecarConnection) -> None:
        while True:
            await self._inbox_filled.wait()
            while self._inbox:
                kind, payload = self._inbox.popleft()
                await connection.write(kind, payload)
                self._inbox_bytes -= len(payload)
            self._inbox_filled.clear()

    def take_in(self, kinds: Sequence[int], buffers: Sequence) -> None:
        for kind, payload in zip(kinds, buffers, strict=False):
            self._inbox.append((kind, payload))
            self._inbox_bytes += len(payload)
        self._inbox_filled.set()
        if self._inbox_bytes > INBOX_BYTES:
            self.end(sidecar_does_not_read())

    def acknowledge(self, batch: object) -> None:
        while self._unacknowledged and isinstance(batch, int) and self._unacknowledged[0] <= batch:
            self._unacknowledged.popleft()

    def next_message(self) -> tuple[dict, list[bytes]] | None:
        """What to send now, or None when there is nothing or the browser has enough on its hands."""
        if self._outbox and len(self._unacknowledged) < BATCHES_IN_FLIGHT:
            return self._batch(self._take_frames())
        if self._error is not None and not self._outbox:
            self.finished = True
            return closed_note(self.id, self._error), []
        if self._asked:
            self._asked = False
            return self._batch([])
        return None

    def _batch(self, frames: list[tuple[int, bytes]]) -> tuple[dict, list[bytes]]:
        number = next(batch_numbers)
        self._unacknowledged.append(number)
        kinds = [kind for kind, _ in frames]
        message = {"t": "frames", "view": self.id, "batch": number, "kinds": kinds}
        return message, [payload for _, payload in frames]

    def _take_frames(self) -> list[tuple[int, bytes]]:
        frames = [self._outbox.popleft()]
        taken = len(frames[0][1])
        while self._outbox and len(frames) < BATCH_FRAMES and taken + len(self._outbox[0][1]) <= BATCH_BYTES:
            frames.append(self._outbox.popleft())
            taken += len(frames[-1][1])
        self._outbox_bytes -= taken
        self._note_outbox_room()
        return frames

    def _note_outbox_room(self) -> None:
        if self._outbox_bytes < BATCH_BYTES and len(self._outbox) < BATCH_FRAMES:
            self._outbox_has_room.set()
        else:
            self._outbox_has_room.clear()

    def end(self, error: PinokioError) -> None:
        """The browser is told why, after the frames that came before."""
        self._error = self._error or error
        self._cancel_pumps()
        self._wake()

    def drop(self) -> None:
        self.dropped = True
        self._cancel_pumps()

    def _cancel_pumps(self) -> None:
        for task in self._pumps:
            task.cancel()


class Reply:
    """How to answer a widget's message from the bridge's thread."""

    def __init__(self, widget, context: contextvars.Context):
        self._widget = widget
        self._context = context

    def send(self, message: dict, buffers: Sequence[bytes]) -> bool:
        """False when the widget is gone."""
        if self._widget.comm is None:
            return False
        try:
            self._context.run(self._widget.send, message, list(buffers))
        except Exception:  # The kernel is ending, or the comm was closed this moment: nobody listens either way.
            log.debug("A message could not be sent", exc_info=True)
            return False
        return True


def closed_note(view_id: str, error: PinokioError) -> dict:
    return {"t": "closed", "view": view_id, **error.to_wire()}


def unknown_view() -> PinokioError:
    return PinokioError("not-connected", "This kernel no longer has a connection for this view")


def no_sign_of_life(silent_s: float) -> PinokioError:
    return PinokioError("not-connected", f"The page did not answer for {silent_s:.0f} seconds")


def sidecar_does_not_read() -> PinokioError:
    return PinokioError("not-connected", f"The sidecar left {INBOX_BYTES >> 20} MB unread")


def bundle_answer(wanted: object) -> tuple[dict, list[bytes]]:
    try:
        bundle_hash, content = view_bundle()
    except (PinokioError, OSError) as error:
        return {"t": "no-bundle", "hash": wanted, "message": str(error)}, []
    if bundle_hash != wanted:
        message = "PinokioCloud was updated since this view was made. Restart the kernel and run the setup cell again"
        return {"t": "no-bundle", "hash": wanted, "message": message}, []
    return {"t": "bundle", "hash": bundle_hash}, [content]
