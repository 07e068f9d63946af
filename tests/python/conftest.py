"""Real parts: a Jupyter server in its own process, kernels, and sidecars started through the package."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HELPERS = Path(__file__).parent / "helpers"
sys.path[:0] = [str(ROOT), str(HELPERS)]

VIEW = b"export default { render() {} }; // stands in for the view\n"
STUB = "export default{async render({model:m,el:e}){}}"


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    return copy_package(tmp_path_factory.mktemp("package"))


def copy_package(folder):
    """A copy of the package whose built files are stand-ins, so that these tests need no build."""
    copy = folder / "pinokiocloud"
    copy.mkdir()
    for source in (ROOT / "pinokiocloud").glob("*.py"):
        shutil.copy(source, copy)
    shutil.copytree(ROOT / "pinokiocloud" / "client", copy / "client", ignore=shutil.ignore_patterns("__pycache__"))
    static = copy / "static"
    static.mkdir()
    (static / "cli.mjs").write_text("")
    (static / "view.mjs").write_bytes(VIEW)
    (static / "stub.mjs").write_text(STUB)
    (static / "build.json").write_text(json.dumps({"version": "1.2.3", "protocol": 1, "files": {}}))
    return copy


class StandIn:
    """A home whose sidecar is the stand-in of `helpers/stand_in_node.py`."""

    def __init__(self, home, package):
        self.home = home
        self.env = {
            **os.environ,
            "PINOKIOCLOUD_HOME": str(home),
            "PINOKIOCLOUD_NODE": str(HELPERS / "stand-in-node"),
            "PINOKIOCLOUD_PYTHON": sys.executable,
            "PYTHONPATH": str(package.parent),
        }

    def wish(self, **wishes):
        (self.home / "stand-in.json").write_text(json.dumps(wishes))

    def pid(self):
        return json.loads((self.home / "stand-in-running.json").read_text())["pid"]

    def calls(self):
        try:
            return (self.home / "calls.txt").read_text().splitlines()
        except OSError:
            return []

    def flooded(self):
        try:
            return int((self.home / "flooded.txt").read_text() or 0)
        except OSError:
            return 0

    def token(self):
        return self.token_file().read_text()

    def token_file(self):
        return Path(json.loads((self.home / "stand-in-running.json").read_text())["tokenFile"])

    def end(self):
        """Forgets everything, so that the home can be used as new."""
        with contextlib.suppress(OSError):
            state = json.loads((self.home / "stand-in-running.json").read_text())
            kill(state["pid"])
            shutil.rmtree(os.path.dirname(state["socket"]), ignore_errors=True)
        shutil.rmtree(self.home)
        self.home.mkdir()


class Home:
    """A home of its own, used through the package of this checkout."""

    def __init__(self, path):
        self.path = path
        self.env = {**os.environ, "PINOKIOCLOUD_HOME": str(path), "PYTHONPATH": str(ROOT)}
        self.env.pop("PINOKIOCLOUD_NODE", None)

    def python(self, *arguments):
        command = [sys.executable, *arguments]
        return subprocess.run(command, env=self.env, cwd=self.path.parent, capture_output=True, text=True, check=True)

    def cli(self, *arguments):
        return json.loads(self.python("-m", "pinokiocloud", *arguments, "--json").stdout)

    def end(self):
        if self.path.is_dir():
            sidecar = self.cli("up")
            self.cli("down")
            shutil.rmtree(Path(sidecar["socket"]).parent, ignore_errors=True)


@pytest.fixture
def stand_in(tmp_path, package):
    home = tmp_path / "home"
    home.mkdir()
    stand_in = StandIn(home, package)
    yield stand_in
    stand_in.end()


@pytest.fixture
def start_server(tmp_path):
    """Starts a server of one's own."""
    servers = []

    def start(env, *arguments, base_url="/"):
        server = JupyterServer(tmp_path / "server", env, arguments, base_url)
        servers.append(server)
        server.wait()
        return server

    yield start
    for server in servers:
        server.end()


@pytest.fixture
def server_kernel(start_server, tmp_path):
    """Starts kernels through a Jupyter server, as pages do."""
    from page import Kernel

    kernels = []

    def start(env, before_server=lambda folder: None, after_server=lambda folder: None, base_url="/"):
        before_server(tmp_path / "server")
        server = start_server(env, base_url=base_url)
        after_server(tmp_path / "server")
        url = f"http://127.0.0.1:{server.port}{server.base_url}api/kernels"
        request = urllib.request.Request(url, method="POST", headers={"Authorization": f"token {server.token}"})
        kernel_id = json.loads(urllib.request.urlopen(request, timeout=30).read())["id"]
        kernel = Kernel(connection_file=server.runtime / f"kernel-{kernel_id}.json")
        kernels.append(kernel)
        return kernel

    yield start
    for kernel in kernels:
        kernel.end()


class JupyterServer:
    def __init__(self, folder, env, arguments=(), base_url="/"):
        for name in ("config", "data", "runtime", "root"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "config" / "jupyter_server_config.d").mkdir()
        others = ("jupyterlab", "notebook", "notebook_shim", "jupyter_lsp", "jupyter_server_terminals")
        extensions = {"pinokiocloud": True, **dict.fromkeys(others, False)}  # without those it starts twice as fast
        enabled = {"ServerApp": {"jpserver_extensions": extensions}}
        (folder / "config" / "jupyter_server_config.d" / "pinokiocloud.json").write_text(json.dumps(enabled))
        self.token = "a-token-for-tests"
        self.log = folder / "log.txt"
        self.runtime = folder / "runtime"
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "jupyter_server",
                "--no-browser",
                "--allow-root",
                "--ServerApp.ip=127.0.0.1",
                "--ServerApp.port=0",
                f"--ServerApp.root_dir={folder / 'root'}",
                f"--ServerApp.base_url={base_url}",
                f"--IdentityProvider.token={self.token}",
                *arguments,
            ],
            env={
                **env,
                "JUPYTER_CONFIG_DIR": str(folder / "config"),
                "JUPYTER_DATA_DIR": str(folder / "data"),
                "JUPYTER_RUNTIME_DIR": str(self.runtime),
            },
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
        )

    def wait(self):
        info = self.runtime / f"jpserver-{self.process.pid}.json"

        def is_listening():
            assert self.process.poll() is None, self.log.read_text()
            with contextlib.suppress(OSError, ValueError):
                facts = json.loads(info.read_text())
                self.port, self.base_url = facts["port"], facts["base_url"]
                socket.create_connection(("127.0.0.1", self.port)).close()
                return True

        wait_until(is_listening, 30)
        self.url = f"http://127.0.0.1:{self.port}{self.base_url}pinokiocloud/"
        self.ws_url = self.url.replace("http", "ws", 1) + "ws"

    def memory_bytes(self):
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def wait_until(condition, seconds=10, explain=lambda: ""):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"It did not happen within {seconds} s\n{explain()}")
        time.sleep(0.02)


def kill(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
