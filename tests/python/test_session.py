"""What the setup cell calls, in real kernels: what it prints, what it shows, what it leaves in the notebook."""

import json
import subprocess
import sys
import time

import pytest
from conftest import ROOT, StandIn, copy_package
from page import Kernel, Page

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def kernel(stand_in, tmp_path):
    kernel = Kernel(stand_in.env, tmp_path)
    yield kernel
    kernel.end()


def test_the_setup_cell_says_where_it_runs_and_what_is_kept_and_shows_the_tabs(kernel, stand_in):
    began = time.monotonic()
    kernel.execute("import pinokiocloud; pinokiocloud.start()")
    assert time.monotonic() - began < 5
    assert kernel.errors == []
    assert "".join(kernel.printed).splitlines() == [
        "PinokioCloud 1.2.3 · This machine · Run this cell again when its tabs are gone",
        "Everything stays on this machine's disk",
    ]
    (shown,) = kernel.displayed
    assert shown["text/plain"] == "PinokioCloud: run the setup cell to see the tabs"
    assert shown["application/vnd.pinokiocloud.part+json"] == {"view": "frame", "app": ""}
    Page(kernel, shown[WIDGET]["model_id"]).open()
    assert stand_in.token() not in json.dumps([kernel.printed, kernel.displayed, kernel.comms])


def test_running_the_setup_cell_again_shows_the_same_widget(kernel, stand_in):
    for _ in range(3):
        kernel.execute("import pinokiocloud; pinokiocloud.start()")
    assert len({shown[WIDGET]["model_id"] for shown in kernel.displayed}) == 1
    assert len({json.dumps(state) for state in kernel.comms.values()}) == 2  # the widget and its layout
    pid = stand_in.pid()
    page = Page(kernel, kernel.displayed[-1][WIDGET]["model_id"])
    page.open()
    assert page.ask(do="who")["pid"] == pid


def test_a_widget_the_page_closed_is_made_anew(kernel):
    kernel.execute("import pinokiocloud; pinokiocloud.start()")
    first = kernel.displayed[-1][WIDGET]["model_id"]
    kernel.client.shell_channel.send(kernel.client.session.msg("comm_close", {"comm_id": first, "data": {}}))
    kernel.execute("pinokiocloud.show()")
    assert kernel.displayed[-1][WIDGET]["model_id"] != first


def test_a_home_that_was_chosen_holds_for_the_whole_notebook(kernel, package, tmp_path):
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    kernel.execute(f"import os, pinokiocloud; pinokiocloud.start(home={str(chosen)!r})")
    widget = kernel.displayed[-1][WIDGET]["model_id"]
    assert kernel.comms[widget]["home"] == str(chosen)
    page = Page(kernel, widget)
    page.open()
    pid = page.ask(do="who")["pid"]
    at_chosen = StandIn(chosen, package)
    assert at_chosen.pid() == pid
    at_chosen.end()
    kernel.execute("print(os.environ['PINOKIOCLOUD_HOME'])")
    assert kernel.printed[-1].strip() == str(chosen)


def test_a_failure_is_a_sentence_and_a_hint_instead_of_a_traceback(kernel, stand_in):
    stand_in.wish(error={"code": "out-of-space", "message": "The disk is full", "hint": "Free 1 GB"})
    kernel.execute("import pinokiocloud; pinokiocloud.start()")
    (error,) = kernel.errors
    assert error["traceback"] == ["PinokioCloud: The disk is full", "Free 1 GB"]
    assert kernel.displayed == []


def test_plain_python_is_told_how_to_go_on(stand_in):
    run = subprocess.run(
        [sys.executable, "-c", "import pinokiocloud; pinokiocloud.start()"],
        env=stand_in.env,
        cwd=stand_in.home,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines()[2] == f"Running, home {stand_in.home}. Go on with `pinokiocloud --help`"
    assert run.stderr == ""


def fake_extension(folder, name="pinokiocloud"):
    (folder / "data" / "labextensions" / name).mkdir(parents=True)
    (folder / "data" / "labextensions" / name / "package.json").write_text("{}")


def test_a_kernel_of_a_server_with_our_extension_shows_our_own_widget(server_kernel, stand_in):
    kernel = server_kernel(stand_in.env, before_server=fake_extension)
    kernel.execute("import pinokiocloud; pinokiocloud.start()")
    assert kernel.errors == [] and len(kernel.printed) == 1
    state = kernel.comms[kernel.displayed[-1][WIDGET]["model_id"]]
    assert state["_model_module"] == state["_view_module"] == "pinokiocloud"


def test_a_kernel_of_a_server_without_our_extension_shows_the_anywidget(server_kernel, stand_in):
    def install_later(folder):
        time.sleep(2.5)  # more than START_TIME_IS_GOOD_TO_S
        fake_extension(folder)

    kernel = server_kernel(
        stand_in.env, before_server=lambda folder: fake_extension(folder, "anywidget"), after_server=install_later
    )
    kernel.execute(
        "import pinokiocloud.environment as environment\n"
        # This environment may hold the real extension: the server shall seem to live in another one.
        "environment.prefix_of = lambda python: '/nowhere'\n"
        "facts = environment.gather_facts()\n"
        "print(facts.front_end, facts.our_extension, facts.anywidget_extension)"
    )
    assert kernel.printed == ["jupyter new ready\n"]
    kernel.execute("import pinokiocloud; pinokiocloud.show()")
    assert kernel.comms[kernel.displayed[-1][WIDGET]["model_id"]]["_model_module"] == "anywidget"


STATES = """
import json, ipywidgets
from pinokiocloud.session import widget_for
widget_for({kind!r}, "frame"); widget_for({kind!r}, "frame")
try:
    state = ipywidgets.Widget.get_manager_state()
except TypeError:
    state = ipywidgets.Widget.get_manager_state(drop_defaults=False)
print(json.dumps(state))
"""


@pytest.mark.parametrize("kind", ["own", "anywidget"])
def test_a_saved_notebook_holds_little_of_it(kind, tmp_path, stand_in):
    import nbformat

    package = copy_package(tmp_path)
    (package / "static" / "stub.mjs").write_text("x" * 1000)  # as large as it may get
    (package / "static" / "view.mjs").write_text("y" * 300_000)
    stand_in.env["PYTHONPATH"] = str(tmp_path)
    kernel = Kernel(stand_in.env, tmp_path)
    try:
        kernel.execute(STATES.format(kind=kind))
    finally:
        kernel.end()
    assert kernel.errors == []
    saved = json.loads(kernel.printed[-1])
    empty = nbformat.v4.new_notebook()
    notebook = nbformat.v4.new_notebook(metadata={"widgets": {"application/vnd.jupyter.widget-state+json": saved}})
    assert len(nbformat.writes(notebook)) - len(nbformat.writes(empty)) < 10_000


def test_our_widget_asks_for_any_version_its_extension_can_have(tmp_path, stand_in):
    package = copy_package(tmp_path)
    stand_in.env["PYTHONPATH"] = str(tmp_path)
    script = "from pinokiocloud.widget import own_widget_class as c; w = c()(); print(w._view_module_version)"
    for version in ("0.1.0", "1.2.3", "2.0.0-beta.1"):
        (package / "static" / "build.json").write_text(json.dumps({"version": version}))
        run = subprocess.run(
            [sys.executable, "-c", script], env=stand_in.env, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        wanted = run.stdout.strip()
        # JupyterLab picks among the registered versions with the package semver.
        check = f"process.exitCode = require('semver').satisfies({json.dumps(version)}, {json.dumps(wanted)}) ? 0 : 1"
        subprocess.run(["node", "-e", check], cwd=ROOT, check=True)
