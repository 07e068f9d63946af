"""The sidecar's socket: frames of a 4-byte length, a kind and the payload, after an exchange of the token."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from .bootstrap import Sidecar, SidecarFinder
from .errors import PinokioError

TEXT = 0
BINARY = 1
HEADER_BYTES = 5
MAX_PAYLOAD_BYTES = 16 * 1024 * 1024
ANSWER_LIMIT_S = 10
# Large enough that a flood is read in large pieces; the reader stops taking from the socket at twice this.
READ_AHEAD_BYTES = 512 * 1024


class SidecarGone(Exception):
    """The sidecar closed the connection."""


class SidecarRefused(PinokioError):
    """The sidecar answered, and its answer was no."""


def pack_header(kind: int, length: int) -> bytes:
    return length.to_bytes(4, "big") + bytes([kind])


class SidecarConnection:
    """An authenticated connection. Both directions hold back the caller rather than pile up frames."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self._reader = reader
        self._writer = writer

    async def read(self) -> tuple[int, bytes]:
        try:
            header = await self._reader.readexactly(HEADER_BYTES)
            length = int.from_bytes(header[:4], "big")
            if length > MAX_PAYLOAD_BYTES:
                raise SidecarGone(f"The sidecar sent a frame of {length} bytes, more than it may")
            return header[4], await self._reader.readexactly(length)
        except (asyncio.IncompleteReadError, OSError) as error:
            raise SidecarGone("The sidecar closed the connection") from error

    async def write(self, kind: int, payload: bytes | memoryview) -> None:
        if self._writer.is_closing():
            raise SidecarGone("The sidecar closed the connection")
        try:
            self._writer.write(pack_header(kind, len(payload)))
            self._writer.write(payload)
            await self._writer.drain()
        except OSError as error:
            raise SidecarGone("The sidecar closed the connection") from error

    def close(self) -> None:
        self._writer.close()


async def connect_to_sidecar(finder: SidecarFinder, via: str) -> SidecarConnection:
    """Connects to the sidecar known already, or else to the one the CLI finds or starts."""
    if finder.sidecar is not None:
        try:
            return await open_connection(finder.sidecar, via)
        except PinokioError:
            pass  # It has ended or been replaced; the CLI knows.
    sidecar = await asyncio.get_running_loop().run_in_executor(None, finder.find)
    return await open_connection(sidecar, via)


async def open_connection(sidecar: Sidecar, via: str) -> SidecarConnection:
    token = read_token(sidecar.token_file)
    try:
        reader, writer = await asyncio.open_unix_connection(sidecar.socket, limit=READ_AHEAD_BYTES)
    except OSError as error:
        raise PinokioError(
            "not-connected",
            f"The sidecar's socket {sidecar.socket} does not answer: {error.strerror or error}",
            "Run `pinokiocloud status` in a terminal",
        ) from error
    connection = SidecarConnection(reader, writer)
    try:
        await connection.write(TEXT, json.dumps({"t": "auth", "token": token, "via": via}).encode())
        kind, answer = await asyncio.wait_for(connection.read(), ANSWER_LIMIT_S)
        check_answer(kind, answer)
    except SidecarGone as error:
        connection.close()
        raise PinokioError("not-connected", "The sidecar closed the connection before it answered") from error
    except asyncio.TimeoutError as error:
        connection.close()
        raise PinokioError(
            "timeout", f"The sidecar did not answer within {ANSWER_LIMIT_S} seconds", "Run `pinokiocloud status`"
        ) from error
    except BaseException:
        connection.close()
        raise
    return connection


def read_token(token_file: str) -> str:
    try:
        return Path(token_file).read_text("ascii").strip()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise PinokioError(
            "not-authorised",
            f"The sidecar's token file {token_file} could not be read: {reason}",
            "Run `pinokiocloud status` as the user who started it",
        ) from error


def check_answer(kind: int, answer: bytes) -> None:
    try:
        message = json.loads(answer) if kind == TEXT else None
    except ValueError:
        message = None
    if isinstance(message, dict) and message.get("t") == "open":
        return
    if isinstance(message, dict) and message.get("t") == "refused":
        raise SidecarRefused.from_wire(message.get("error"))
    raise PinokioError("protocol-mismatch", "The sidecar's first answer was neither yes nor no")
