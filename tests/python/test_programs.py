"""What programs and cells do with apps, against one real sidecar: install, start, wait, read, answer, stop."""

import asyncio
import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from conftest import ROOT, Home, kill, wait_until
from page import Kernel

import pinokiocloud
from pinokiocloud import PinokioError, aio

WIDGET = "application/vnd.jupyter.widget-view+json"
# A failing or asking script needs no program of its own, so these apps are there at once.
SCRIPTS = {
    "asks.json": [
        {"method": "input", "params": {"title": "Who are you?", "form": [{"key": "name", "title": "Name"}]}},
        {"method": "log", "params": {"text": "Hello {{input.name}}"}},
    ],
    "fails.json": [{"method": "no.such.method", "params": {}}],
    "prints.json": [{"method": "shell.run", "params": {"message": "seq 1 20000"}}],
    "types.json": [{"method": "shell.run", "params": {"message": "read line; echo it says $line"}}],
    "stays.json": [{"method": "shell.run", "params": {"message": "sleep 1000"}}],
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    if not (ROOT / "pinokiocloud" / "static" / "sidecar.mjs").exists():
        pytest.fail("pinokiocloud/static/sidecar.mjs is missing: run `npm run build`")
    home = Home(tmp_path_factory.mktemp("programs") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PINOKIOCLOUD_HOME", str(home.path))
        patch.delenv("PINOKIOCLOUD_NODE", raising=False)
        yield home
    home.end()


@pytest.fixture(scope="module")
def small_app(home, tmp_path_factory):
    folder = make_app(tmp_path_factory.mktemp("apps") / "small", SCRIPTS)
    return pinokiocloud.install(folder, agree=True, quiet=True)


def make_app(folder, scripts):
    folder.mkdir()
    menu = [{"text": script, "href": script} for script in scripts]
    launcher = {"title": folder.name.capitalize(), "menu": menu}
    (folder / "pinokio.js").write_text(f"module.exports = {json.dumps(launcher)}")
    for name, steps in scripts.items():
        (folder / name).write_text(json.dumps({"run": steps}))
    return folder


@pytest.fixture(scope="module")
def hello(home):
    return pinokiocloud.install("hello-server", agree=True, quiet=True)


@pytest.fixture
def kernel(home, tmp_path):
    kernel = Kernel(home.env, tmp_path)
    yield kernel
    kernel.end()


def failing(call, *arguments, **named):
    with pytest.raises(PinokioError) as failed:
        call(*arguments, **named)
    return failed.value


def test_what_nobody_agreed_to_is_shown_and_not_installed(home):
    error = failing(pinokiocloud.install, "hello-server")
    assert (error.code, error.message) == (
        "agreement-needed",
        "Nobody has agreed to what Hello Server will run",
    )
    assert error.hint == "Read the list above, then install it again with agree=True"
    assert error.details.splitlines()[-2:] == ["start.json", "    python server.py --port {{port}}"]
    assert str(error).splitlines()[0] == error.message and str(error).splitlines()[-1] == error.hint
    assert pinokiocloud.apps() == []


def test_an_app_is_installed_started_read_and_stopped(hello, capfd):
    assert (hello.id, hello.title, hello.state) == ("hello-server", "Hello Server", "installed")
    run = pinokiocloud.start("hello-server").wait_ready(timeout=60)
    assert (run.app, run.script, run.status) == ("hello-server", "hello-server/start.json", "ready")
    assert run.url == run.local_url
    assert b"Hello" in urllib.request.urlopen(run.url, timeout=10).read()
    assert pinokiocloud.wait_ready("hello-server") == run.url
    assert "Ready at http://127.0.0.1" in run.logs()
    assert [one.id for one in pinokiocloud.running()] == [run.id]
    assert pinokiocloud.app("hello-server").status == "running"
    assert pinokiocloud.start("hello-server").id == run.id
    assert [one.id for one in pinokiocloud.stop("hello-server")] == [run.id]
    assert (run.status, run.url, pinokiocloud.running(), run.stop().id) == ("stopped", None, [], run.id)
    again = pinokiocloud.start("hello-server")
    assert repr(again.stop()).endswith("stopped>")
    told = capfd.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) < 12


def test_installing_what_is_here_gives_it_back_without_asking(hello, capfd):
    again = pinokiocloud.install("hello-server")
    assert again.data["installedAt"] == hello.data["installedAt"]
    assert capfd.readouterr().err.splitlines()[-1] == "Hello Server is installed already"


def test_failures_have_the_words_of_the_sidecar(small_app, home):
    assert failing(pinokiocloud.install, "no-such-name").code == "package-missing"
    assert failing(pinokiocloud.install, "./nowhere").code == "app-invalid"
    missing = failing(pinokiocloud.app, "nonsense")
    assert (missing.code, missing.message) == ("app-missing", "No app named nonsense is installed")
    assert failing(pinokiocloud.start, "small", "nothing.json").code == "script-missing"
    slip = failing(pinokiocloud.start, "smal")
    assert (slip.code, slip.message, slip.hint) == (
        "app-missing",
        "No app named smal is installed",
        "Near to it: small",
    )
    assert failing(pinokiocloud.stop, "smal").message == "No app, script or run is called smal"
    assert failing(pinokiocloud.wait_ready, "small").to_wire() == {
        "code": "run-missing",
        "message": "small does not run",
        "hint": "Start it with start('small')",
    }
    failed = failing(pinokiocloud.start, "small", "fails.json")
    run = home.cli("logs", "small/fails.json")
    assert failed.code == run["end"]["error"]["code"] and "no.such.method" in str(failed)
    assert failed.context["run"] == run["id"]
    ended = pinokiocloud.runs("small/fails.json")[-1]
    assert ended.status == "failed"
    assert failing(ended.wait_ready).code == failed.code


def test_a_wait_that_lasts_too_long_says_that_the_run_goes_on(small_app):
    late = failing(pinokiocloud.start, "small", "stays.json", timeout=0.5)
    assert (late.code, late.message) == ("timeout", "small/stays.json is not ready yet")
    (run,) = pinokiocloud.running()
    assert late.hint == f"small/stays.json goes on as {run.id}; stop it with stop({run.id!r})"
    assert failing(run.wait_ready, timeout=0.5).code == "timeout"
    assert run.stop().status == "stopped"


def test_questions_end_a_wait_and_are_answered(small_app):
    asked = failing(pinokiocloud.start, "small", "asks.json")
    assert asked.code == "answer-needed"
    run = pinokiocloud.runs("small")[-1]
    assert run.status == "waiting" and asked.context["run"] == run.id
    assert f"{run.id}  small/asks.json  input  Who are you? (name)" in asked.details
    (question,) = run.questions()
    assert question["params"]["title"] == "Who are you?"
    run.answer({"name": "Ada"})
    assert run.wait().status == "finished"
    assert "Hello Ada" in run.logs()
    assert failing(run.answer, {"name": "Bo"}).code == "request-invalid"
    known = pinokiocloud.start("small", "asks.json", answers=[{"name": "Cleo"}])
    assert "Hello Cleo" in known.logs()


def test_what_it_prints_can_be_followed_and_typed_into(small_app):
    run = pinokiocloud.start("small", "prints.json", wait=False)
    lines = [line for line in run.logs(follow=True) if line.isdigit()]
    assert lines == [str(number) for number in range(1, 20001)]
    assert run.logs(last_bytes=100).split()[-1].isdigit()
    typed = pinokiocloud.start("small", "types.json", wait=False)
    wait_until(lambda: typed.data["shells"] > 0)
    lines = typed.logs(follow=True)
    next(lines)
    typed.input("yes")
    assert any("it says yes" in line for line in lines)


def test_the_same_without_waiting_in_a_loop_of_ones_own(small_app):
    async def program():
        beats = 0

        async def beat():
            nonlocal beats
            while True:
                await asyncio.sleep(0.01)
                beats += 1

        beating = asyncio.ensure_future(beat())
        run = await aio.start("small", "prints.json", wait=False)
        lines = [line async for line in run.lines() if line.isdigit()]
        assert (len(lines), await run.status()) == (20000, "finished")
        with pytest.raises(PinokioError) as failed:
            await aio.start("small", "fails.json")
        assert "no.such.method" in str(failed.value)
        stays, other = await asyncio.gather(
            aio.start("small", "stays.json", wait=False), aio.start("small", "asks.json", wait=False)
        )
        await asyncio.gather(stays.stop(), other.stop())
        assert [await one.status() for one in (stays, other)] == ["stopped", "stopped"]
        assert [app.id for app in await aio.apps()].count("small") == 1
        beating.cancel()
        return beats

    assert asyncio.run(program()) > 20


def test_two_programs_at_once_start_one_run(small_app, home):
    program = "import pinokiocloud as p; print(p.start('small', 'stays.json', wait=False).id)"
    command = [sys.executable, "-c", program]
    both = [
        subprocess.Popen(command, env=home.env, cwd=home.path.parent, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    started = {one.communicate(timeout=30)[0] for one in both}
    assert [f"{run.id}\n" for run in pinokiocloud.running()] == list(started)
    pinokiocloud.stop("small")


def test_a_sidecar_that_dies_while_a_program_waits_is_replaced(small_app, home):
    run = pinokiocloud.start("small", "stays.json", wait=False)
    program = f"import pinokiocloud as p; p.runs({run.id!r})[0].wait(); print('over')"
    waiting = subprocess.Popen(
        [sys.executable, "-c", program], env=home.env, cwd=home.path.parent, stdout=subprocess.PIPE, text=True
    )
    pid = home.cli("status")["pid"]
    wait_until(lambda: home.cli("status")["clients"] > 2)
    kill(pid)
    assert run.status == "running"
    assert home.cli("status")["pid"] != pid
    run.stop()
    assert waiting.communicate(timeout=30)[0] == "over\n"


def test_ctrl_c_leaves_the_run_and_says_so(small_app, home):
    program = "import pinokiocloud as p; p.start('small', 'stays.json')"
    waiting = subprocess.Popen(
        [sys.executable, "-c", program], env=home.env, cwd=home.path.parent, stderr=subprocess.PIPE, text=True
    )
    wait_until(lambda: any(run.status == "running" for run in pinokiocloud.runs("small/stays.json")))
    (run,) = pinokiocloud.running()
    told = ""
    while "running" not in told:  # its own words: it waits by now
        told = waiting.stderr.readline()
    waiting.send_signal(2)
    _, words = waiting.communicate(timeout=30)
    assert f"small/stays.json goes on as {run.id}; stop it with stop({run.id!r})\n" in words
    assert run.stop().status == "stopped"


def test_ctrl_c_ends_an_installation_which_can_be_gone_on_with(home, tmp_path):
    folder = make_app(tmp_path / "slow", {"install.json": SCRIPTS["stays.json"]})
    program = f"import pinokiocloud as p; p.install({str(folder)!r}, agree=True)"
    for _ in range(2):
        installing = subprocess.Popen(
            [sys.executable, "-c", program], env=home.env, cwd=home.path.parent, stderr=subprocess.PIPE, text=True
        )
        told = ""
        while "step 1" not in told:
            told = installing.stderr.readline()
        installing.send_signal(2)
        _, words = installing.communicate(timeout=30)
        assert "slow is not installed yet: that was ended. Install it again to go on with it\n" in words
        assert pinokiocloud.app("slow").state == "install-failed"
        assert pinokiocloud.running() == []


def test_a_cell_shows_progress_on_one_line_and_results_as_views(hello, kernel):
    kernel.execute("import pinokiocloud as p; run = p.start('hello-server').wait_ready()")
    assert (kernel.errors, kernel.printed) == ([], [])
    assert all(set(shown) == {"text/plain"} for shown in kernel.displayed)
    assert len(kernel.displayed) <= 2  # what changes is no output of its own
    kernel.displayed.clear()
    for cell, words in (("p.app('hello-server')", "page of hello-server"), ("p.running()", "what runs")):
        kernel.execute(cell)
        shown = kernel.displayed[-1]
        remedy = f"run the setup cell, then this cell again, to see {'the ' * ('page' in words)}{words}"
        assert shown["text/plain"] == f"PinokioCloud: {remedy}"
    states = [kernel.comms[shown[WIDGET]["model_id"]] for shown in kernel.displayed]
    assert [(state["view"], state["app"]) for state in states] == [("app", "hello-server"), ("running", "")]
    assert len({state["kernel"] for state in states}) == 1


def test_the_end_of_a_kernel_leaves_its_runs_to_the_next_one(hello, kernel):
    kernel.execute("import pinokiocloud as p; print(p.start('hello-server').wait_ready().id)")
    run_id = kernel.printed[-1].strip()
    kill(kernel.manager.provisioner.pid)
    wait_until(lambda: not kernel.manager.is_alive())
    (run,) = pinokiocloud.runs(run_id)
    assert run.status == "ready"
    assert run.stop().status == "stopped"


def test_a_cell_can_await_and_its_errors_are_sentences_and_no_traceback(small_app, kernel):
    kernel.execute(
        "import pinokiocloud as p; run = await p.aio.start('small', 'prints.json'); print(await run.status())"
    )
    assert (kernel.errors, kernel.printed[-1:]) == ([], ["finished\n"])
    kernel.execute("p.start('small', 'fails.json')")
    assert kernel.errors[0]["traceback"][0].startswith("PinokioCloud: ")
    assert not any("File " in line for line in kernel.errors[0]["traceback"])


def test_phases_are_the_words_of_the_protocol():
    from pinokiocloud.client.words import PHASES

    source = (ROOT / "src" / "runtime" / "protocol" / "jobs.ts").read_text()
    table = source.split("const PHASES", 1)[1].split("};", 1)[0]
    assert dict(re.findall(r'^  (\w+): "(.*)",$', table, re.MULTILINE)) == PHASES


def test_every_code_of_ours_is_one_of_the_protocol():
    source = (ROOT / "src" / "runtime" / "protocol" / "errors.ts").read_text()
    codes = set(re.findall(r'^  "?([a-z-]+)"?: "', source, re.MULTILINE))
    ours = "".join(path.read_text() for path in Path(ROOT, "pinokiocloud").rglob("*.py"))
    raised = set(re.findall(r'(?:PinokioError\(\s*|": \()"([a-z-]+)", ', ours))
    assert raised and raised <= codes
