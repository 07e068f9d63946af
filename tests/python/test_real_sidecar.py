"""The relay, the bridge and the setup cell with the sidecar that is shipped, started by the CLI that is shipped."""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import websocket
from conftest import ROOT, Home, JupyterServer, kill, wait_until
from page import Kernel, Page

from pinokiocloud import frames
from pinokiocloud.bootstrap import Sidecar
from pinokiocloud.errors import PinokioError

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module", autouse=True)
def build():
    for name in ("cli.mjs", "sidecar.mjs"):
        if not (ROOT / "pinokiocloud" / "static" / name).exists():
            pytest.fail(f"pinokiocloud/static/{name} is missing: run `npm run build`")


@pytest.fixture
def own_home(tmp_path):
    home = Home(tmp_path / "home")
    yield home
    home.end()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("shared") / "home")
    yield home
    home.end()


@pytest.fixture(scope="module")
def server(home, tmp_path_factory):
    server = JupyterServer(tmp_path_factory.mktemp("server"), home.env)
    server.wait()
    yield server
    server.end()


@pytest.fixture
def kernel(home, tmp_path):
    kernel = Kernel(home.env, tmp_path)
    yield kernel
    kernel.end()


HELLO = {
    "t": "hello",
    "protocol": [1, 1],
    "client": {"name": "test", "version": "0"},
    "events": False,
    "resume": None,
}


def greet(socket, **changes):
    socket.send(json.dumps({**HELLO, **changes}))
    return json.loads(socket.recv())


def open_socket(server):
    return websocket.create_connection(server.ws_url, header={"Authorization": f"token {server.token}"}, timeout=30)


def setup_cell(kernel):
    kernel.execute("import pinokiocloud; pinokiocloud.start()")
    assert kernel.errors == []
    return Page(kernel, kernel.displayed[-1][WIDGET]["model_id"])


def greet_over_comm(page):
    page.open()
    page.say(**HELLO)
    return json.loads(page.next_frame())


def test_the_relay_starts_the_sidecar_and_the_page_talks_to_it(server, home):
    socket = open_socket(server)
    welcome = greet(socket)
    assert (welcome["t"], welcome["home"]) == ("welcome", str(home.path))
    socket.send(json.dumps({"t": "q", "i": "1", "m": "sidecar.status", "a": [{}]}))
    reply = json.loads(socket.recv())
    assert reply["r"]["value"]["pid"] == home.cli("status")["pid"]
    socket.close()


def test_the_setup_cell_starts_the_sidecar_and_its_views_talk_to_it(kernel, home):
    began = time.monotonic()
    page = setup_cell(kernel)
    assert time.monotonic() - began < 5
    assert greet_over_comm(page)["home"] == str(home.path)
    token = Path(home.cli("up")["tokenFile"]).read_text().strip()
    assert len(token) == 64
    assert token not in json.dumps([kernel.printed, kernel.displayed, kernel.comms])


def test_server_kernel_and_command_line_share_one_sidecar(server, kernel, home):
    page = setup_cell(kernel)
    socket = open_socket(server)
    assert greet(socket)["epoch"] == greet_over_comm(page)["epoch"]
    # These two and the command itself; those of the tests before need a moment to be gone.
    wait_until(lambda: home.cli("status")["clients"] == 3)
    socket.close()


def test_two_that_start_it_at_once_get_the_same(own_home):
    with ThreadPoolExecutor() as pool:
        started = list(pool.map(lambda _: own_home.cli("up"), range(3)))
    assert len({answer["pid"] for answer in started}) == 1
    assert [answer["started"] for answer in started].count(True) == 1


def test_a_sidecar_that_was_killed_is_replaced_for_pages_of_both_kinds(server, kernel, home):
    page = setup_cell(kernel)
    before = greet_over_comm(page)["epoch"]
    socket = open_socket(server)
    greet(socket)
    kill(home.cli("status")["pid"])

    opcode, close = socket.recv_data()
    assert (opcode, int.from_bytes(close[:2], "big")) == (websocket.ABNF.OPCODE_CLOSE, 4001)
    assert page.expect("closed", "v1")["code"] == "not-connected"

    again = open_socket(server)
    after = greet(again)["epoch"]
    assert greet_over_comm(page)["epoch"] == after != before
    again.close()


def test_the_end_of_server_and_kernel_leaves_the_sidecar_running(kernel, home, start_server):
    server = start_server(home.env)
    setup_cell(kernel)
    open_socket(server).close()
    pid = home.cli("status")["pid"]
    server.end()
    kernel.end()
    assert home.cli("status")["pid"] == pid


def test_a_restarted_kernel_goes_on_with_the_same_sidecar(kernel, home):
    before = greet_over_comm(setup_cell(kernel))["epoch"]
    kernel.manager.restart_kernel()
    kernel.client.wait_for_ready(timeout=30)
    assert greet_over_comm(setup_cell(kernel))["epoch"] == before


def test_a_page_of_another_version_is_refused_in_words(server):
    socket = open_socket(server)
    refused = greet(socket, protocol=[98, 99])
    assert refused["t"] == "refused"
    assert refused["error"]["code"] == "protocol-mismatch" and refused["error"]["message"]
    socket.close()


def test_a_wrong_token_or_address_is_refused_in_words(home, tmp_path):
    sidecar = Sidecar.from_json(home.cli("up"))
    wrong = tmp_path / "token"
    wrong.write_text("0" * 64)
    with pytest.raises(frames.SidecarRefused) as refused:
        asyncio.run(frames.open_connection(replace(sidecar, token_file=str(wrong)), "test"))
    assert refused.value.code == "not-authorised" and refused.value.message
    with pytest.raises(PinokioError, match="could not be read: No such file"):
        asyncio.run(frames.open_connection(replace(sidecar, token_file="/nowhere"), "test"))
    with pytest.raises(PinokioError, match="/nowhere does not answer: No such file"):
        asyncio.run(frames.open_connection(replace(sidecar, socket="/nowhere"), "test"))


def test_a_socket_that_was_removed_comes_back_and_a_page_that_asks_again_gets_through(server, home):
    open_socket(server).close()
    sidecar = home.cli("up")
    Path(sidecar["socket"]).unlink()
    wait_until(lambda: Path(sidecar["socket"]).exists(), 30)
    socket = open_socket(server)
    assert greet(socket)["t"] == "welcome"
    assert home.cli("status")["pid"] == sidecar["pid"]
    socket.close()


def test_a_home_that_cannot_be_made_is_a_sentence_and_a_hint(tmp_path):
    (tmp_path / "a-file").write_text("")
    home = Home(tmp_path / "a-file" / "home")
    kernel = Kernel(home.env, tmp_path)
    try:
        kernel.execute("import pinokiocloud; pinokiocloud.start()")
    finally:
        kernel.end()
    (error,) = kernel.errors
    assert str(home.path) in error["traceback"][0] or str(tmp_path) in error["traceback"][0]
    assert len(error["traceback"]) == 2


def test_down_ends_it(own_home):
    own_home.cli("up")
    run = own_home.python("-c", "import pinokiocloud; print(pinokiocloud.down(), pinokiocloud.status()['running'])")
    assert run.stdout == "{'stopped': []} False\n"
