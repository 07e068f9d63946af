"""Jupyter server extension: a health route, a WebSocket that is passed on to the sidecar's socket unread, and which
folders of the file browser are apps."""

from __future__ import annotations

import asyncio
import os

from jupyter_server.auth.decorator import authorized, ws_authenticated
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from jupyter_server.services.contents.filemanager import FileContentsManager
from jupyter_server.utils import ensure_async, to_os_path, url_path_join
from tornado.web import HTTPError, authenticated
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from .assets import protocol, version
from .bootstrap import SidecarFinder
from .errors import PinokioError
from .frames import BINARY, MAX_PAYLOAD_BYTES, TEXT, SidecarConnection, SidecarGone, SidecarRefused, connect_to_sidecar

AUTH_RESOURCE = "pinokiocloud"
# The launcher may lie in a folder `pinokio`.
LAUNCHERS = ("pinokio.js", "pinokio.json", "pinokio")
# Where the web application keeps what its handlers share.
FINDER = "pinokiocloud_finder"
# Why a WebSocket was closed. The browser tells them apart by number; 1000 to 1015 belong to the WebSocket protocol.
CLOSE_SIDECAR_GONE = 4001
CLOSE_START_FAILED = 4002
CLOSE_REFUSED = 4003
# What RFC 6455 leaves room for in a close frame.
MAX_REASON_BYTES = 123


def _load_jupyter_server_extension(server_app) -> None:
    web_app = server_app.web_app
    web_app.settings[FINDER] = SidecarFinder()
    root = url_path_join(web_app.settings["base_url"], "pinokiocloud")
    web_app.add_handlers(
        ".*$",
        [
            (url_path_join(root, "api", "health"), HealthHandler),
            (url_path_join(root, "api", "launchers"), LaunchersHandler),
            (url_path_join(root, "ws"), RelayHandler),
        ],
    )
    server_app.log.info("PinokioCloud %s is served at %s", version(), root)


class HealthHandler(APIHandler):
    auth_resource = AUTH_RESOURCE

    @authenticated
    @authorized
    async def get(self) -> None:
        """Says what is known without starting anything, so that a page may ask as often as it likes."""
        sidecar, error = self.settings[FINDER].sidecar, self.settings[FINDER].error
        alive = sidecar is not None and os.path.exists(sidecar.socket)
        self.finish(
            {
                "version": version(),
                "protocol": protocol(),
                "server_proxy": self._can_proxy_ports(),
                "sidecar": {"home": sidecar.home, "pid": sidecar.pid, "version": sidecar.version} if alive else None,
                "error": error.to_wire() if error else None,
            }
        )

    def _can_proxy_ports(self) -> bool:
        extension = self.serverapp.extension_manager.extensions.get("jupyter_server_proxy")
        return extension is not None and extension.enabled


class LaunchersHandler(APIHandler):
    # It tells of files only.
    auth_resource = "contents"

    @authenticated
    @authorized
    async def get(self) -> None:
        """The folders right below one of the file browser's that hold a launcher, by their names."""
        manager = self.contents_manager
        if not isinstance(manager, FileContentsManager):
            raise HTTPError(404, "The files of this server are no folders of its machine")
        root = os.path.abspath(manager.root_dir)
        folder = to_os_path(self.get_query_argument("folder", ""), root)
        if os.path.commonpath([root, folder]) != root:
            raise HTTPError(404, "There is no such folder")
        try:
            self.finish({"folders": await asyncio.to_thread(folders_with_launchers, folder)})
        except OSError:
            raise HTTPError(404, "There is no such folder") from None


def folders_with_launchers(folder: str) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(
            entry.name
            for entry in entries
            if entry.is_dir() and any(os.path.exists(os.path.join(entry.path, name)) for name in LAUNCHERS)
        )


class RelayHandler(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """One WebSocket message is one frame: text is kind 0, binary is kind 1."""

    auth_resource = AUTH_RESOURCE
    max_message_size = MAX_PAYLOAD_BYTES

    def initialize(self) -> None:
        self._connection: SidecarConnection | None = None
        self._pump: asyncio.Task | None = None

    @ws_authenticated
    async def get(self, *args, **kwargs) -> None:
        # What goes over this socket can run programs, which is what `execute` stands for.
        allowed = self.authorizer.is_authorized(self, self.current_user, "execute", self.auth_resource)
        if not await ensure_async(allowed):
            raise HTTPError(403, "Not allowed to execute on pinokiocloud")
        await super().get(*args, **kwargs)

    async def open(self, *args, **kwargs) -> None:
        super().open(*args, **kwargs)
        finder = self.settings[FINDER]
        try:
            self._connection = await connect_to_sidecar(finder, "relay")
        except PinokioError as error:
            self.log.warning("PinokioCloud relay: %s", error)
            code = CLOSE_REFUSED if isinstance(error, SidecarRefused) else CLOSE_START_FAILED
            self._close_with(code, f"{error.code}: {error.message}")
            return
        self.log.info("PinokioCloud relay: connected to the sidecar with pid %d", finder.sidecar.pid)
        self._pump = asyncio.create_task(self._pass_on_to_browser(self._connection))

    async def on_message(self, message: str | bytes) -> None:
        # Tornado reads the next message only when this one is done: a sidecar that is busy slows the browser down.
        if self._connection is None:
            return
        try:
            if isinstance(message, str):
                await self._connection.write(TEXT, message.encode())
            else:
                await self._connection.write(BINARY, message)
        except SidecarGone:
            pass  # The pump notices too, and says so.

    def on_close(self) -> None:
        if self._pump is not None:
            self._pump.cancel()
        if self._connection is not None:
            self._connection.close()

    async def _pass_on_to_browser(self, connection: SidecarConnection) -> None:
        try:
            while True:
                kind, payload = await connection.read()
                # Waits until the frame is in the operating system's hands: a slow browser slows the sidecar down.
                await self.write_message(payload, binary=kind == BINARY)
        except SidecarGone:
            self._close_with(CLOSE_SIDECAR_GONE, "The sidecar ended or closed the connection")
        except WebSocketClosedError:
            pass
        finally:
            connection.close()

    def _close_with(self, code: int, reason: str) -> None:
        self.close(code, shorten(reason, MAX_REASON_BYTES))


def shorten(text: str, limit: int) -> str:
    """The text, or as much of it as fits into so many bytes of UTF-8."""
    encoded = text.encode()
    if len(encoded) <= limit:
        return text
    return encoded[: limit - 3].decode("utf-8", "ignore") + "…"
