"""The setup cell, run in fresh Pythons: what it installs, and from where."""

import hashlib
import json
import os
import re
import subprocess
import venv
import zipfile

import nbformat
import pytest
from conftest import ROOT

NOTEBOOK = ROOT / "notebooks" / "PinokioCloud.ipynb"


@pytest.fixture(scope="module")
def notebook():
    return nbformat.read(NOTEBOOK, as_version=4)


@pytest.fixture(scope="module")
def cell(notebook):
    (cell,) = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return cell.source


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """A Python of its own with pip and nothing else, shared: making one takes seconds."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=True)
    return folder / "bin" / "python"


@pytest.fixture(autouse=True)
def nothing_installed(request):
    yield
    if "python" in request.fixturenames:
        pip = [request.getfixturevalue("python"), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "uninstall", "-q", "-y", "pinokiocloud", "a-program"], check=True, capture_output=True)


def make_wheel(folder, name="pinokiocloud", says="started", requires=()):
    folder.mkdir(parents=True, exist_ok=True)
    module = name.replace("-", "_")
    wheel = folder / f"{module}-1.0-py3-none-any.whl"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", *(f"Requires-Dist: {r}\n" for r in requires)]
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{module}.py", f"def start(home):\n    print({says!r}, repr(home))\n")
        info = f"{module}-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", "".join(metadata))
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return wheel


def run_cell(python, code, cwd, offline_from=None):
    cwd.mkdir(parents=True, exist_ok=True)
    # No test may reach a package index: what must be found lies in a folder.
    env = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(offline_from or cwd), "PIP_CONFIG_FILE": os.devnull}
    env.pop("PYTHONPATH", None)
    return subprocess.run([python, "-c", code], cwd=cwd, env=env, capture_output=True, text=True, check=True).stdout


def with_form(cell, **values):
    for name, value in values.items():
        assert f'{name} = "" #@param' in cell
        cell = cell.replace(f'{name} = "" #@param', f"{name} = {value!r} #@param")
    return cell


def with_release(cell, url):
    cell, found = re.subn('^RELEASE = ".*?"', f'RELEASE = "{url}"', cell, flags=re.MULTILINE)
    assert found == 1
    return cell


def test_the_notebook_is_valid_and_holds_no_output(notebook):
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs") and cell.get("execution_count") is None
    assert NOTEBOOK.stat().st_size < 10_000


def test_the_cell_is_a_form_with_two_fields(cell):
    lines = cell.splitlines()
    assert lines[0] == '#@title PinokioCloud { display-mode: "form" }'
    assert [line for line in lines if "#@param" in line] == [
        'source = "" #@param {type:"string"}',
        'home = "" #@param {type:"string"}',
    ]


def test_nothing_is_installed_by_bare_name(cell):
    assert '"pinokiocloud"' not in [line for line in cell.splitlines() if "install(" in line]
    assert "--no-deps" in cell


def test_a_wheel_from_the_form_is_installed_with_its_programs_and_nothing_else(python, cell, tmp_path):
    make_wheel(tmp_path / "links", "a-program", requires=["a-library"])
    wheel = make_wheel(tmp_path / "my wheels", requires=["a-program", "jupyterlab; extra == 'lab'"])
    form = with_form(cell, source=f" {wheel} ", home="/some/where")
    assert run_cell(python, form, tmp_path / "cwd", tmp_path / "links") == "started '/some/where'\n"
    assert run_cell(python, "import a_program", tmp_path) == ""


def test_what_is_installed_already_is_left_alone(python, cell, tmp_path):
    run_cell(python, with_form(cell, source=str(make_wheel(tmp_path))), tmp_path)
    assert run_cell(python, cell, tmp_path / "elsewhere") == "started ''\n"


def test_running_it_again_in_the_same_session_installs_nothing(python, cell, tmp_path):
    wheel = make_wheel(tmp_path)
    twice = f"import os\nexec({with_form(cell, source=str(wheel))!r})\nos.remove({str(wheel)!r})\n"
    twice += f"exec({with_form(cell, source=str(wheel))!r})"
    assert run_cell(python, twice, tmp_path) == "started ''\nstarted ''\n"


def test_a_notebook_in_a_checkout_takes_the_newest_wheel_built_there(python, cell, tmp_path):
    (tmp_path / "package.json").write_text(json.dumps({"name": "pinokiocloud"}))
    old = make_wheel(tmp_path / "dist", says="the old one")
    old = old.rename(old.with_name("pinokiocloud-0.9-py3-none-any.whl"))
    os.utime(old, (1, 1))
    make_wheel(tmp_path / "dist", says="the new one")
    assert run_cell(python, cell, tmp_path / "notebooks") == "the new one ''\n"


def test_a_released_wheel_is_taken_only_with_the_right_hash(python, cell, tmp_path):
    wheel = make_wheel(tmp_path)
    sha = hashlib.sha256(wheel.read_bytes()).hexdigest()
    for digest, expected in ((sha[::-1], "PinokioCloud could not be installed:"), (sha, "started")):
        released = with_release(cell, f"{wheel.as_uri()}#sha256={digest}")
        assert run_cell(python, released, tmp_path / "cwd").startswith(expected)


def test_without_a_release_it_says_what_to_give(python, cell, tmp_path):
    said = run_cell(python, with_release(cell, ""), tmp_path)
    assert said == "PinokioCloud has no release yet: give the path or URL of a wheel in the field `source`\n"


def test_a_wheel_that_is_not_there_is_named(python, cell, tmp_path):
    said = run_cell(python, with_form(cell, source="/nowhere/pinokiocloud-1.0-py3-none-any.whl"), tmp_path)
    assert said.startswith("PinokioCloud could not be installed:\n")
    assert "/nowhere/pinokiocloud-1.0-py3-none-any.whl" in said
