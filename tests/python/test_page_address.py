"""How a person opens a page of this machine, by where they are."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from pinokiocloud import PinokioError
from pinokiocloud.client import address
from pinokiocloud.client.address import Server, page_address, ports_path

PAGE = "http://0.0.0.0:7860/app?a=1#top"
HERE = "http://127.0.0.1:7860/app?a=1#top"


@pytest.fixture
def place(monkeypatch):
    """Puts this process behind a front end, with a Jupyter server where one is described."""

    def put(front_end, server=None):
        monkeypatch.setattr(address, "detect_front_end", lambda env, shell: front_end)
        monkeypatch.setattr(address, "the_server", lambda: server)

    return put


@pytest.mark.parametrize("front_end", ["terminal", "vscode"])
def test_a_program_and_an_editor_reach_the_machine_itself(place, front_end):
    place(front_end)
    assert page_address(PAGE) == HERE
    assert page_address("http://localhost:7860") == "http://127.0.0.1:7860"
    assert page_address("http://[::]:7860/") == "http://127.0.0.1:7860/"


def test_what_is_elsewhere_is_opened_as_it_is(place):
    place("kaggle")
    assert page_address("https://a1b2.gradio.live") == "https://a1b2.gradio.live"


def test_colab_tells_the_address_of_a_port(place, monkeypatch):
    asked = []
    output = SimpleNamespace(eval_js=lambda code: asked.append(code) or "https://x-7860.colab.googleusercontent.com/")
    colab = ModuleType("google.colab")
    colab.output = output
    monkeypatch.setitem(sys.modules, "google", ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    address.colab_address.cache_clear()
    place("colab")
    assert page_address(PAGE) == "https://x-7860.colab.googleusercontent.com/app?a=1#top"
    assert page_address(PAGE) and asked == ["google.colab.kernel.proxyPort(7860, {cache: true})"]


def test_behind_jupyter_it_is_the_way_that_the_tabs_take(place):
    place("jupyter", Server("/", is_local=True, has_proxy=True))
    assert page_address(PAGE) == HERE
    place("jupyter", Server("/user/x/", is_local=False, has_proxy=True))
    assert page_address(PAGE) == "/user/x/proxy/7860/app?a=1#top"
    assert page_address("https://127.0.0.1") == "/user/x/proxy/443/"
    place("jupyter", Server("https://hub.example/user/x/", is_local=False, has_proxy=True))
    assert page_address(PAGE) == "https://hub.example/user/x/proxy/7860/app?a=1#top"


def test_programs_are_told_the_path_where_pages_come_through_one(place):
    place("jupyter", Server("/user/x/", is_local=False, has_proxy=True))
    assert ports_path() == "/user/x/proxy/{port}"
    place("jupyter", Server("https://hub.example/user/x/", is_local=False, has_proxy=True))
    assert ports_path() == "/user/x/proxy/{port}"
    place("jupyter", Server("/", is_local=False, has_proxy=True))
    assert ports_path() == "/proxy/{port}"
    for front_end, server in [
        ("jupyter", Server("/", is_local=True, has_proxy=True)),
        ("jupyter", Server("/", is_local=False, has_proxy=False)),
        ("jupyter", None),
        ("colab", Server("/user/x/", is_local=False, has_proxy=True)),
    ]:
        place(front_end, server)
        assert ports_path() is None


@pytest.mark.parametrize(
    ("front_end", "server", "remedy"),
    [
        ("jupyter", Server("/", is_local=False, has_proxy=False), "Install jupyter-server-proxy where Jupyter runs"),
        ("jupyter", None, "Open the notebook in JupyterLab"),
        ("kaggle", None, "Open the notebook in JupyterLab"),
    ],
)
def test_a_page_that_no_browser_reaches_is_said_to_be_so(place, front_end, server, remedy):
    place(front_end, server)
    with pytest.raises(PinokioError) as refused:
        page_address(PAGE)
    assert refused.value.code == "page-unreachable"
    assert refused.value.message.startswith("http://0.0.0.0:7860 is on the machine")
    assert refused.value.hint.startswith(remedy)


@pytest.mark.parametrize(
    ("described", "proxy", "hub", "seen"),
    [
        (("/", "http://localhost:8888/"), True, {}, Server("/", is_local=True, has_proxy=True)),
        (("/", "http://127.0.0.1:8888/"), False, {}, Server("/", is_local=True, has_proxy=False)),
        (("/lab/", "http://127.0.0.1:8888/lab/"), False, {}, Server("/lab/", is_local=True, has_proxy=False)),
        (("/", "http://a-pod:8888/"), True, {}, Server("/", is_local=False, has_proxy=True)),
        (
            ("/user/x/", "http://127.0.0.1:8888/user/x/"),
            True,
            {"JUPYTERHUB_SERVICE_PREFIX": "/user/x/", "JUPYTERHUB_PUBLIC_URL": "https://hub.example/user/x/"},
            Server("https://hub.example/user/x/", is_local=False, has_proxy=True),
        ),
    ],
)
def test_what_a_server_says_of_itself_decides_who_reaches_it(monkeypatch, described, proxy, hub, seen):
    monkeypatch.setattr(address, "server_file", lambda: dict(zip(("base_url", "url"), described, strict=True)))
    monkeypatch.setattr(address, "answers_proxy", lambda url: proxy)
    for name in ("JUPYTERHUB_SERVICE_PREFIX", "JUPYTERHUB_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in hub.items():
        monkeypatch.setenv(name, value)
    address.the_server.cache_clear()
    assert address.the_server() == seen
    address.the_server.cache_clear()


@pytest.mark.parametrize(
    ("answers", "installed", "has_proxy"),
    [((302, 404), False, True), ((404, 404), True, False), ((302, 302), True, True), ((302, 302), False, False)],
)
def test_whether_a_server_has_the_proxy_is_seen_without_a_login(monkeypatch, tmp_path, answers, installed, has_proxy):
    if installed:
        (tmp_path / "lib" / "python3.11" / "site-packages" / "jupyter_server_proxy").mkdir(parents=True)
    monkeypatch.setattr(address, "find_server", lambda: SimpleNamespace(prefix=str(tmp_path)))
    monkeypatch.setattr(address, "status_of", lambda url: answers[not url.endswith("servers-info")])
    assert address.answers_proxy("http://127.0.0.1:8888/") is has_proxy


def test_a_kernel_finds_the_server_that_started_it_and_its_proxy(server_kernel, stand_in):
    pytest.importorskip("jupyter_server_proxy")
    kernel = server_kernel(stand_in.env, base_url="/user/x/")
    kernel.execute(f"from pinokiocloud.client.address import page_address; print(page_address({PAGE!r}))")
    assert (kernel.errors, kernel.printed) == ([], ["/user/x/proxy/7860/app?a=1#top\n"])
