"""Plays Node running cli.mjs: `stand_in_node.py <cli.mjs> up --json [--home DIR]`. Named by PINOKIOCLOUD_NODE.

It stands in where a test needs a sidecar that does what a real one never would: echo, flood, stop reading, refuse.
What it should do differently is read from `stand-in.json` in the home.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

if "--home" in sys.argv:
    os.environ["PINOKIOCLOUD_HOME"] = sys.argv[sys.argv.index("--home") + 1]
HOME = Path(os.environ["PINOKIOCLOUD_HOME"])
STATE = HOME / "stand-in-running.json"


def wishes():
    try:
        return json.loads((HOME / "stand-in.json").read_text())
    except OSError:
        return {}


def command_line(arguments):
    with (HOME / "calls.txt").open("a") as calls:
        calls.write(" ".join(arguments) + "\n")
    wish = wishes()
    time.sleep(wish.get("sleep", 0))
    if "say" in wish:
        print(wish["say"], file=sys.stderr)
        return wish.get("exit", 1)
    if "error" in wish:
        print(json.dumps({"error": wish["error"]}))
        return 1
    if arguments[0] == "up":
        print(json.dumps(up()))
    elif arguments[0] == "status":
        print(json.dumps({"home": str(HOME), "asked": arguments}))
    elif "--take" in arguments:
        given = json.loads(sys.stdin.read())
        (HOME / "given.json").write_text(json.dumps(given))
        print(json.dumps({"names": list(given)}))
    elif arguments[:2] == ["config", "secrets"]:
        print(json.dumps({"secrets": wish.get("secrets", [])}))
    return 0


def up():
    try:
        state = json.loads(STATE.read_text())
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(state["socket"])
        return {**state, "started": False}
    except (OSError, ValueError):
        STATE.unlink(missing_ok=True)
    subprocess.Popen(
        [sys.executable, __file__, "--serve"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=(HOME / "stand-in.log").open("w"),
        start_new_session=True,
    )
    while not STATE.exists():
        time.sleep(0.01)
    return {**json.loads(STATE.read_text()), "started": True}


async def serve():
    # A path short enough for a socket, and the same when it is started again.
    run = Path(tempfile.gettempdir(), f"pk-{hashlib.sha256(str(HOME).encode()).hexdigest()[:12]}")
    run.mkdir(exist_ok=True)
    socket_path, token_file = run / "s", run / "token"
    socket_path.unlink(missing_ok=True)
    token = secrets.token_hex(32)
    token_file.write_text(token)

    async def client(reader, writer):
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            await converse(reader, writer, token)
        writer.close()

    server = await asyncio.start_unix_server(client, str(socket_path), limit=1 << 20)
    state = {
        "home": str(HOME),
        "socket": str(socket_path),
        "tokenFile": str(token_file),
        "pid": os.getpid(),
        "version": "0.0.0-stand-in",
        "protocol": 1,
    }
    draft = STATE.with_suffix(".draft")
    draft.write_text(json.dumps(state))
    draft.rename(STATE)
    await server.serve_forever()


def frame(kind, payload):
    return len(payload).to_bytes(4, "big") + bytes([kind]) + payload


def text(message):
    return frame(0, json.dumps(message).encode())


async def read(reader):
    header = await reader.readexactly(5)
    return header[4], await reader.readexactly(int.from_bytes(header[:4], "big"))


async def converse(reader, writer, token):
    _, auth = await read(reader)
    auth = json.loads(auth)
    refusal = wishes().get("refuse")
    if refusal is None and auth["token"] != token:
        refusal = {"code": "not-authorised", "message": "The token is not the one of this sidecar"}
    if refusal is not None:
        writer.write(text({"t": "refused", "error": refusal}))
        await writer.drain()
        return
    writer.write(text({"t": "open"}))
    while True:
        kind, payload = await read(reader)
        order = json.loads(payload) if kind == 0 and payload.startswith(b'{"do"') else {}
        what = order.get("do")
        if what == "flood":
            await flood(writer, order["bytes"], order.get("frame", 65536))
        elif what == "exit":
            os._exit(0)
        elif what == "hang-up":
            return
        elif what == "who":
            writer.write(text({"pid": os.getpid(), "via": auth["via"]}))
        elif what == "stop-reading":
            await asyncio.sleep(3600)
        elif what == "later":
            await asyncio.sleep(order["seconds"])
            writer.write(text({"now": True}))
        elif what == "count":
            await count(reader, writer, order["bytes"])
        else:
            writer.write(frame(kind, payload))
        await writer.drain()


# How many bytes of a flood have left for the socket, so that a test can see it being held back.
async def flood(writer, total, size):
    progress = HOME / "flooded.txt"
    sent = 0
    while sent < total:
        piece = min(size, total - sent)
        writer.write(frame(1, sent.to_bytes(8, "big") + bytes(piece - 8)))
        await writer.drain()
        sent += piece
        if sent % (1 << 20) < size:
            progress.write_text(str(sent))
    writer.write(text({"flooded": sent}))


async def count(reader, writer, total):
    got = 0
    while got < total:
        _, payload = await read(reader)
        got += len(payload)
    writer.write(text({"counted": got}))


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        asyncio.run(serve())
    else:
        raise SystemExit(command_line(sys.argv[2:]))
