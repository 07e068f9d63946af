"""One conversation with the sidecar, from `hello` until it closes. Used in the background's loop only."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from typing import Any

from ..assets import protocol, version
from ..bootstrap import SidecarFinder
from ..errors import PinokioError
from ..frames import BINARY, TEXT, SidecarConnection, SidecarGone, connect_to_sidecar

HELLO_LIMIT_S = 15
# Answers that take longer were lost: the sidecar answers long work at once.
REQUEST_LIMIT_S = 120
PING_EVERY_S = 15
PONG_LIMIT_S = 30
STREAM_HEADER_BYTES = 12


class Output:
    """One viewer of a run's output: what has arrived and was not read yet."""

    def __init__(self, number: int):
        self.number = number
        # ("bytes", offset, bytes), ("gap", from, to), ("end", offset, None) or ("lost", error, None)
        self.arrived: asyncio.Queue[tuple[str, Any, Any]] = asyncio.Queue()


class Conversation:
    """Pairs requests with replies and output with its viewers."""

    def __init__(self, connection: SidecarConnection):
        self._connection = connection
        self._ids = count(1)
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._outputs: dict[int, Output] = {}
        self._heard = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.lost: PinokioError | None = None

    @classmethod
    async def open(cls, finder: SidecarFinder) -> Conversation:
        conversation = cls(await connect_to_sidecar(finder, "python"))
        try:
            await asyncio.wait_for(conversation._greet(), HELLO_LIMIT_S)
        except BaseException as error:
            conversation.close()
            if isinstance(error, (SidecarGone, asyncio.TimeoutError)):
                raise PinokioError("not-connected", "The sidecar did not answer within 15 seconds") from error
            raise
        conversation._tasks = [
            asyncio.ensure_future(conversation._listen()),
            asyncio.ensure_future(conversation._stay_in_touch()),
        ]
        return conversation

    async def request(self, name: str, params: dict[str, Any]) -> Any:
        number = str(next(self._ids))
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = reply
        try:
            await self._say({"t": "q", "i": number, "m": name, "a": [params]})
            return await asyncio.wait_for(reply, REQUEST_LIMIT_S)
        except asyncio.TimeoutError as error:
            raise PinokioError("timeout", f"The sidecar did not answer {name} in {REQUEST_LIMIT_S} seconds") from error
        finally:
            self._waiting.pop(number, None)

    async def open_output(self, run_id: str, offset: int, credit: int) -> tuple[Output, dict[str, int]]:
        """Also where it begins and how much there is by then."""
        output = Output(next(self._ids))
        self._outputs[output.number] = output
        params = {"stream": output.number, "runId": run_id, "offset": offset, "credit": credit}
        try:
            return output, await self.request("output.open", params)
        except BaseException:
            self._outputs.pop(output.number, None)
            raise

    async def give_credit(self, output: Output, taken: int) -> None:
        await self._say({"t": "credit", "stream": output.number, "bytes": taken})

    async def close_output(self, output: Output) -> None:
        if self._outputs.pop(output.number, None) is not None and self.lost is None:
            await self.request("output.close", {"stream": output.number})

    @property
    def is_busy(self) -> bool:
        return bool(self._waiting or self._outputs)

    def close(self) -> None:
        self._end(PinokioError("not-connected", "The connection was closed"))

    async def _greet(self) -> None:
        spoken = protocol() or 1
        await self._say(
            {
                "t": "hello",
                "protocol": [spoken, spoken],
                "client": {"name": "python", "version": version()},
                "events": False,
                "resume": None,
            }
        )
        kind, payload = await self._connection.read()
        answer = json.loads(payload) if kind == TEXT else {}
        if answer.get("t") == "refused":
            raise PinokioError.from_wire(answer.get("error"))
        if answer.get("t") != "welcome":
            raise PinokioError("protocol-mismatch", "The sidecar's first answer was neither yes nor no")

    async def _say(self, message: dict[str, Any]) -> None:
        if self.lost is not None:
            raise self.lost
        try:
            await self._connection.write(TEXT, json.dumps(message).encode())
        except SidecarGone as error:
            lost = PinokioError("not-connected", str(error))
            self._end(lost)
            raise lost from error

    async def _listen(self) -> None:
        try:
            while True:
                kind, payload = await self._connection.read()
                self._heard.set()
                if kind == BINARY:
                    self._take_output(payload)
                else:
                    self._take(json.loads(payload))
        except SidecarGone as error:
            self._end(PinokioError("not-connected", str(error)))

    async def _stay_in_touch(self) -> None:
        """A sidecar that hangs closes nothing."""
        while True:
            await asyncio.sleep(PING_EVERY_S)
            self._heard.clear()
            try:
                await self._say({"t": "ping"})
                await asyncio.wait_for(self._heard.wait(), PONG_LIMIT_S)
            except asyncio.TimeoutError:
                self._end(PinokioError("not-connected", f"The sidecar has not answered for {PONG_LIMIT_S} seconds"))
                return
            except PinokioError:
                return

    def _take(self, message: dict[str, Any]) -> None:
        kind = message.get("t")
        if kind == "s":
            reply = self._waiting.get(message.get("i", ""))
            if reply is not None and not reply.done():
                settle(reply, message.get("r"))
        elif kind in ("gap", "end"):
            output = self._outputs.get(message["stream"])
            if output is not None and kind == "gap":
                output.arrived.put_nowait(("gap", message["from"], message["to"]))
            elif output is not None:
                del self._outputs[output.number]
                output.arrived.put_nowait(("end", message["offset"], None))

    def _take_output(self, frame: bytes) -> None:
        output = self._outputs.get(int.from_bytes(frame[:4], "big"))
        if output is not None and len(frame) >= STREAM_HEADER_BYTES:
            offset = int.from_bytes(frame[4:STREAM_HEADER_BYTES], "big")
            output.arrived.put_nowait(("bytes", offset, frame[STREAM_HEADER_BYTES:]))

    def _end(self, error: PinokioError) -> None:
        if self.lost is not None:
            return
        self.lost = error
        self._connection.close()
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_exception(error)
        for output in self._outputs.values():
            output.arrived.put_nowait(("lost", error, None))
        self._outputs.clear()
        here = asyncio.current_task()
        for task in self._tasks:
            if task is not here:
                task.cancel()


def settle(reply: asyncio.Future[Any], answer: object) -> None:
    if isinstance(answer, dict) and answer.get("ok"):
        reply.set_result(answer.get("value"))
    else:
        reply.set_exception(PinokioError.from_wire(answer.get("error") if isinstance(answer, dict) else None))
