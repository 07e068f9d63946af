"""The package as a whole: what importing it costs, which version it is, and its errors."""

import json
import subprocess
import sys
import zipfile

import pytest
from conftest import ROOT

import pinokiocloud
from pinokiocloud.errors import PinokioError


def test_importing_it_loads_nothing_of_jupyter():
    code = (
        "import sys, pinokiocloud; "
        "heavy = {'tornado', 'ipywidgets', 'anywidget', 'jupyter_server', 'jupyter_core', 'IPython', 'asyncio'}; "
        "print(*heavy & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == []


def test_the_version_is_the_one_of_package_json():
    assert pinokiocloud.__version__ == json.loads((ROOT / "package.json").read_text())["version"]


def test_the_wheel_carries_the_catalog_and_the_samples():
    wheels = sorted((ROOT / "dist").glob("pinokiocloud-*.whl"), key=lambda path: path.stat().st_mtime)
    if not wheels:
        pytest.skip("no wheel has been built")
    with zipfile.ZipFile(wheels[-1]) as wheel:
        assert len(json.loads(wheel.read("pinokiocloud/static/catalog.json"))["apps"]) == 284
        assert json.loads(wheel.read("pinokiocloud/static/examples/catalog.json"))[0]["id"] == "hello-server"


def test_public_names_exist():
    for name in pinokiocloud.__all__:
        assert getattr(pinokiocloud, name)
    assert not hasattr(pinokiocloud, "nonsense")


def test_jupyter_finds_both_extensions():
    assert pinokiocloud._jupyter_labextension_paths() == [{"src": "labextension", "dest": "pinokiocloud"}]
    assert pinokiocloud._jupyter_server_extension_points() == [{"module": "pinokiocloud.serverext"}]


def test_an_error_reads_as_a_sentence_with_a_hint():
    error = PinokioError("timeout", "It took 20 seconds", "Try again")
    assert str(error) == "It took 20 seconds. Try again"
    assert error._render_traceback_() == ["PinokioCloud: It took 20 seconds", "Try again"]
    assert PinokioError.from_wire(error.to_wire()).to_wire() == error.to_wire()


@pytest.mark.parametrize("nonsense", [None, "text", {}, {"code": None}])
def test_an_error_that_is_none_is_still_one(nonsense):
    assert PinokioError.from_wire(nonsense).to_wire() == {
        "code": "internal",
        "message": "The sidecar gave no reason",
    }
