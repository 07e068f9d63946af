"""How the person in front of this program opens a page of its machine: the same decision as that of the tabs."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, build_opener

from ..environment import detect_front_end, find_server, notebook_shell
from ..errors import PinokioError

THIS_MACHINE = re.compile(r"(localhost|.+\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[?::1?\]?)")
LOOK_LIMIT_S = 2
PROXY = "server-proxy/servers-info"
UNKNOWN = "pinokiocloud/nothing-is-here"


@dataclass(frozen=True)
class Server:
    """The Jupyter server that the person's page comes from."""

    # Where a page of it begins: a path, or a whole address where the hub tells one.
    base_url: str
    # Whether only this machine reaches it, and nothing stands in front of it.
    is_local: bool
    # Whether it passes `proxy/<port>/` on.
    has_proxy: bool


def page_address(url: str) -> str:
    """Where the person opens a page of this machine; raises a PinokioError where their browser cannot reach it."""
    parts = urlsplit(url)
    if not THIS_MACHINE.fullmatch(parts.hostname or ""):
        return url
    front_end = detect_front_end(os.environ, notebook_shell())
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment))
    if front_end == "colab":
        return urljoin(colab_address(port), path)
    if front_end in ("terminal", "vscode"):
        return on_this_machine(url, port)
    server = the_server() if front_end == "jupyter" else None
    if server is not None and server.has_proxy and not server.is_local:
        return f"{server.base_url}proxy/{port}{path}"
    if server is not None and server.is_local:
        return on_this_machine(url, port)
    raise PinokioError(
        "page-unreachable",
        f"{parts.scheme}://{parts.netloc} is on the machine that runs it, which this browser cannot reach",
        "Open the notebook in JupyterLab with jupyter-server-proxy, or on Colab"
        if server is None
        else "Install jupyter-server-proxy where Jupyter runs (pip install jupyter-server-proxy) and restart Jupyter",
    )


def ports_path() -> str | None:
    """Below which path the person reaches ports of this machine, with `{port}` in it; None where directly or not."""
    if detect_front_end(os.environ, notebook_shell()) != "jupyter":
        return None
    server = the_server()
    if server is None or server.is_local or not server.has_proxy:
        return None
    return f"{urlsplit(server.base_url).path.rstrip('/')}/proxy/{{port}}"


def on_this_machine(url: str, port: int) -> str:
    return urlsplit(url)._replace(netloc=f"127.0.0.1:{port}").geturl()


@cache
def colab_address(port: int) -> str:
    """Colab's own address of a port, asked from the page as the tabs do."""
    from google.colab import output

    return output.eval_js(f"google.colab.kernel.proxyPort({port}, {{cache: true}})")


@cache
def the_server() -> Server | None:
    """The one that started this kernel, as it describes itself on the disk; None where none does."""
    found = server_file()
    hub_path = os.environ.get("JUPYTERHUB_SERVICE_PREFIX")
    if found is None:
        return None
    base_url, host = found["base_url"], urlsplit(found["url"]).hostname or ""
    is_local = bool(THIS_MACHINE.fullmatch(host)) and host not in ("0.0.0.0", "::") and hub_path is None
    has_proxy = answers_proxy(found["url"])
    # Whoever gave it a path has put something in front of it.
    is_direct = is_local and (base_url == "/" or not has_proxy)
    return Server(os.environ.get("JUPYTERHUB_PUBLIC_URL") or base_url, is_direct, has_proxy)


def server_file() -> dict | None:
    from jupyter_core.paths import jupyter_runtime_dir

    parent = os.environ.get("JPY_PARENT_PID") or os.getppid()
    for kind in ("jpserver", "nbserver"):
        try:
            return json.loads(Path(jupyter_runtime_dir(), f"{kind}-{parent}.json").read_text("utf-8"))
        except (OSError, ValueError):
            continue
    return None


def answers_proxy(url: str) -> bool:
    """Whether jupyter-server-proxy runs in it: it refuses who has no login there, a server without it says 404."""
    wanted, unknown = status_of(urljoin(url, PROXY)), status_of(urljoin(url, UNKNOWN))
    if wanted is None or wanted == 404:
        return False
    # One that lets nobody see what it has refuses everything alike: then what is installed beside it has to do.
    return wanted != unknown or is_installed(find_server().prefix)


def is_installed(prefix: str) -> bool:
    return any(Path(prefix, "lib").glob("python3*/site-packages/jupyter_server_proxy"))


class Stay(HTTPRedirectHandler):
    """A way to the login is an answer."""

    def redirect_request(self, *_: object) -> None:
        return None


def status_of(url: str) -> int | None:
    """Asked without a login; None where nothing answers."""
    try:
        with build_opener(Stay).open(url, timeout=LOOK_LIMIT_S) as answer:
            return answer.status
    except HTTPError as error:
        return error.code
    except (OSError, ValueError):
        return None
