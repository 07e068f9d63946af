"""The Jupyter server extension, in a real server process."""

import json
import re
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
import websocket
from conftest import JupyterServer, StandIn, wait_until

pytest.importorskip("jupyter_server")


def fetch(url, token=None, **headers):
    if token:
        headers["Authorization"] = f"token {token}"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, None


@pytest.fixture(scope="module")
def shared(tmp_path_factory, package):
    """A server for all tests that need no special one, and the home that it uses."""
    stand_in = StandIn(tmp_path_factory.mktemp("home"), package)
    server = JupyterServer(tmp_path_factory.mktemp("server"), stand_in.env)
    server.wait()
    yield server, stand_in
    server.end()
    stand_in.end()


@pytest.fixture
def server(shared):
    return shared[0]


@pytest.fixture
def home(shared):
    """The shared server's home, as new."""
    shared[1].end()
    return shared[1]


def open_socket(server, query="", **options):
    header = {"Authorization": f"token {server.token}"}
    return websocket.create_connection(server.ws_url + query, header=header, timeout=30, **options)


def say(socket, **message):
    socket.send(json.dumps(message))
    return json.loads(socket.recv())


def close_of(socket):
    """The code and the reason with which the server closes."""
    while True:
        opcode, data = socket.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big"), data[2:].decode()


def refused_status(url, **options):
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        websocket.create_connection(url, timeout=10, **options)
    return refusal.value.status_code


def test_health_says_what_is_known_and_starts_nothing(server, home):
    status, before = fetch(server.url + "api/health", server.token)
    assert status == 200
    assert isinstance(before.pop("server_proxy"), bool)
    assert before == {"version": "1.2.3", "protocol": 1, "sidecar": None, "error": None}
    assert home.calls() == []

    open_socket(server).close()
    _, after = fetch(server.url + "api/health", server.token)
    assert after["sidecar"] == {"home": str(home.home), "pid": home.pid(), "version": "0.0.0-stand-in"}


def test_folders_that_are_apps_are_told_apart(server):
    root = server.runtime.parent / "root"
    for name in ("apps/one", "apps/two/pinokio", "apps/plain/below"):
        (root / name).mkdir(parents=True)
    for name in ("apps/one/pinokio.js", "apps/plain/below/pinokio.js", "apps/pinokio.json"):
        (root / name).touch()
    for folder, found in (("apps", ["one", "two"]), ("", ["apps"]), ("/apps/plain/", ["below"]), ("apps/one", [])):
        assert fetch(f"{server.url}api/launchers?folder={folder}", server.token) == (200, {"folders": found})
    for folder in ("..", "apps/../../data", "nothing", "apps/pinokio.json"):
        assert fetch(f"{server.url}api/launchers?folder={folder}", server.token)[0] == 404
    assert fetch(f"{server.url}api/launchers?folder=apps")[0] == 403


@pytest.mark.parametrize("arguments", [[], ["--ServerApp.allow_unauthenticated_access=False"]])
def test_nobody_gets_in_without_the_token(stand_in, start_server, arguments):
    server = start_server(stand_in.env, *arguments)
    assert fetch(server.url + "api/health")[0] == 403
    assert fetch(server.url + "api/health", "wrong")[0] == 403
    assert refused_status(server.ws_url) == 403
    assert refused_status(server.ws_url + "?token=wrong") == 403
    assert stand_in.calls() == []
    # Jupyter warns here of handlers that forgot to say who may use them.
    assert not re.search("(Health|Relay)Handler registered", server.log.read_text())


def test_a_page_of_another_origin_does_not_get_in_with_the_cookie(server, home):
    host = f"127.0.0.1:{server.port}"
    login = urllib.request.Request(f"http://{host}/?token={server.token}")
    opener = urllib.request.build_opener(NoRedirect)
    cookie = "; ".join(value.split(";")[0] for value in opener.open(login, timeout=10).headers.get_all("Set-Cookie"))

    own = websocket.create_connection(server.ws_url, cookie=cookie, origin=f"http://{host}", timeout=10)
    assert say(own, hello=1) == {"hello": 1}
    own.close()
    assert refused_status(server.ws_url, cookie=cookie, origin="http://evil.example") == 403
    assert refused_status(server.ws_url, cookie=cookie, origin="null") == 403


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def http_error_302(self, request, response, code, message, headers):
        return response


def test_who_may_read_but_not_execute_does_not_get_a_socket(stand_in, start_server, tmp_path):
    (tmp_path / "only_read.py").write_text(
        "from jupyter_server.auth import Authorizer\n"
        "class OnlyRead(Authorizer):\n"
        "    def is_authorized(self, handler, user, action, resource):\n"
        "        return action == 'read' or resource != 'pinokiocloud'\n"
    )
    stand_in.env["PYTHONPATH"] += f":{tmp_path}"
    server = start_server(stand_in.env, "--ServerApp.authorizer_class=only_read.OnlyRead")
    assert fetch(server.url + "api/health", server.token)[0] == 200
    assert refused_status(f"{server.ws_url}?token={server.token}") == 403
    assert stand_in.calls() == []


def test_text_and_binary_frames_travel_unread_both_ways(server, home):
    socket = open_socket(server)
    for size in (0, 1, 125, 126, 65536, 16 * 1024 * 1024):
        socket.send_binary(b"\x00\xff" * (size // 2) + b"x" * (size % 2))
        opcode, data = socket.recv_data()
        assert (opcode, len(data)) == (websocket.ABNF.OPCODE_BINARY, size)
    socket.send("nicht nur ASCII: äöü 🌲")
    assert socket.recv_data() == (websocket.ABNF.OPCODE_TEXT, "nicht nur ASCII: äöü 🌲".encode())
    socket.close()


def test_it_works_under_a_base_url(stand_in, start_server):
    server = start_server(stand_in.env, base_url="/user/ada/")
    assert server.url.endswith("/user/ada/pinokiocloud/")
    assert fetch(server.url + "api/health", server.token)[0] == 200
    socket = open_socket(server)
    assert say(socket, do="who") == {"pid": stand_in.pid(), "via": "relay"}
    socket.close()


def test_connections_share_one_sidecar_which_is_started_once(server, home):
    home.wish(sleep=0.3)
    with ThreadPoolExecutor() as pool:
        sockets = list(pool.map(lambda _: open_socket(server), range(3)))
    assert {say(socket, do="who")["pid"] for socket in sockets} == {home.pid()}
    for socket in sockets:
        socket.close()
    assert len(home.calls()) == 1


def test_a_flood_arrives_whole_and_in_order(server, home):
    socket = open_socket(server)
    total = 100 * 1024 * 1024
    began = time.monotonic()
    socket.send(json.dumps({"do": "flood", "bytes": total}))
    got = 0
    while True:
        opcode, data = socket.recv_data()
        if opcode == websocket.ABNF.OPCODE_TEXT:
            break
        assert int.from_bytes(data[:8], "big") == got
        got += len(data)
    print(f"relay: {got / (time.monotonic() - began) / 1e6:.0f} MB/s to the browser")
    assert got == total and json.loads(data) == {"flooded": total}
    socket.close()


def test_a_slow_browser_holds_the_sidecar_back_and_costs_no_memory(server, home):
    quick = open_socket(server)
    slow = open_socket(server)
    say(slow, hello=1)
    before = server.memory_bytes()
    slow.send(json.dumps({"do": "flood", "bytes": 200 * 1024 * 1024}))
    time.sleep(1.5)
    stuck_at = home.flooded()
    time.sleep(1)
    assert home.flooded() == stuck_at < 40 * 1024 * 1024
    assert server.memory_bytes() - before < 30 * 1024 * 1024
    assert say(quick, hello=2) == {"hello": 2}
    quick.close()
    slow.sock.close()


def test_a_sidecar_that_does_not_read_holds_the_browser_back(server, home):
    socket = open_socket(server)
    socket.send(json.dumps({"do": "stop-reading"}))
    before = server.memory_bytes()
    socket.settimeout(2)
    sent = 0
    with pytest.raises((websocket.WebSocketTimeoutException, BlockingIOError, TimeoutError)):
        while sent < 200 * 1024 * 1024:
            socket.send_binary(bytes(1 << 20))
            sent += 1 << 20
    assert sent < 60 * 1024 * 1024
    assert server.memory_bytes() - before < 40 * 1024 * 1024
    socket.sock.close()


def test_a_large_upload_arrives_whole(server, home):
    socket = open_socket(server)
    total = 64 * 1024 * 1024
    socket.send(json.dumps({"do": "count", "bytes": total}))
    began = time.monotonic()
    for _ in range(total >> 16):
        socket.send_binary(bytes(1 << 16))
    assert json.loads(socket.recv()) == {"counted": total}
    print(f"relay: {total / (time.monotonic() - began) / 1e6:.0f} MB/s to the sidecar")
    socket.close()


def test_the_browser_is_told_when_the_sidecar_goes_and_gets_a_new_one_by_asking_again(server, home):
    first = open_socket(server)
    pid = say(first, do="who")["pid"]
    first.send('{"do": "exit"}')
    assert close_of(first) == (4001, "The sidecar ended or closed the connection")

    second = open_socket(server)
    assert say(second, do="who")["pid"] == home.pid() != pid
    second.close()


def test_closing_the_page_closes_the_connection_to_the_sidecar(server, home):
    socket = open_socket(server)
    pid = say(socket, do="who")["pid"]
    wait_until(lambda: connections_of(pid) == 1)
    socket.close()
    wait_until(lambda: connections_of(pid) == 0)


def connections_of(pid):
    import psutil

    path = [c for c in psutil.Process(pid).net_connections("unix") if c.laddr]
    return len(path) - 1  # the listener itself


def test_a_refusal_is_passed_on_in_words(server, home):
    home.wish(refuse={"code": "sidecar-ending", "message": "The sidecar is ending"})
    assert close_of(open_socket(server)) == (4003, "sidecar-ending: The sidecar is ending")
    home.wish()
    socket = open_socket(server)
    assert say(socket, hello=1) == {"hello": 1}
    socket.close()


def test_a_failed_start_is_passed_on_in_words_and_in_full_by_health(server, home):
    message = "The home /a/" + "very/" * 30 + "long/path is not writable — ä"
    error = {"code": "home-not-writable", "message": message, "hint": "Choose another with PINOKIOCLOUD_HOME"}
    home.wish(error=error)
    code, reason = close_of(open_socket(server))
    assert code == 4002
    assert reason.startswith("home-not-writable: The home /a/very") and reason.endswith("…")
    assert len(reason.encode()) <= 123
    assert fetch(server.url + "api/health", server.token)[1]["error"] == error


def test_a_token_file_that_cannot_be_used_is_named(server, home):
    open_socket(server).close()
    home.token_file().write_text("not the token")
    assert close_of(open_socket(server)) == (
        4003,
        "not-authorised: The token is not the one of this sidecar",
    )
    home.token_file().unlink()
    code, reason = close_of(open_socket(server))
    assert code == 4002
    assert reason.startswith("not-authorised: The sidecar's token file /")


def test_the_log_has_one_line_per_connection_and_no_token(server, home):
    def log():
        return server.log.read_text()

    before = log().count("PinokioCloud relay:")
    for _ in range(2):
        open_socket(server, f"?token={server.token}").close()
    wait_until(lambda: log().count("PinokioCloud relay:") == before + 2)
    assert home.token() not in log()
    assert server.token not in log()
