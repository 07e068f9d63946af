"""The least that a relay can be: a tornado WebSocket that sends the bytes of a file and closes."""

import asyncio
import sys

from tornado.web import Application
from tornado.websocket import WebSocketHandler

CHUNK_BYTES = 256 * 1024


class SendFile(WebSocketHandler):
    async def open(self):
        self.sending = asyncio.create_task(self.send())

    async def send(self):
        with open(sys.argv[1], "rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                await self.write_message(chunk, binary=True)
        self.close()


async def main():
    server = Application([("/", SendFile)]).listen(0, "127.0.0.1")
    (socket,) = server._sockets.values()
    print(socket.getsockname()[1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
