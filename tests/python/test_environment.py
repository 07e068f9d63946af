"""What the kernel sees around it."""

import json
import os
import time
from types import SimpleNamespace

import pytest
from conftest import ROOT

from pinokiocloud.environment import (
    PLACES,
    THIS_MACHINE,
    JupyterServer,
    detect_front_end,
    extension_state,
    notebook_shell,
    prefix_of,
    where,
)


@pytest.mark.parametrize(
    ("env", "label"),
    [
        ({"COLAB_RELEASE_TAG": "release-colab-2026"}, "Google Colab"),
        ({"COLAB_RELEASE_TAG": "release-colab-2026", "KAGGLE_KERNEL_RUN_TYPE": "Interactive"}, "Kaggle"),
        ({"RUNPOD_POD_ID": "abc"}, "RunPod"),
        ({"VAST_CONTAINERLABEL": "C.1"}, "Vast.ai"),
        ({"PAPERSPACE_FQDN": "x"}, "Paperspace"),
        ({"JUPYTERHUB_USER": "ada"}, "JupyterHub"),
        ({}, "This machine"),
    ],
)
def test_each_platform_is_recognised_by_its_variables(env, label):
    assert where(env, exists=lambda path: False).label == label


def test_a_lightning_studio_is_recognised_by_its_folder():
    assert where({}, exists=lambda path: path.startswith("/teamspace")).label == "Lightning AI Studio"


def test_the_words_are_those_of_the_sidecar():
    platforms = "".join(path.read_text() for path in (ROOT / "src" / "runtime" / "platforms").glob("*.ts"))
    for place in (*PLACES, THIS_MACHINE):
        assert f'"{place.label}"' in platforms
        assert f'"{place.keeps}"' in platforms
        for sign in place.signs:
            assert sign in platforms


def shell(**variables):
    return SimpleNamespace(user_ns=variables, kernel=object())


@pytest.mark.parametrize(
    ("env", "shell", "expected"),
    [
        ({}, None, "terminal"),
        ({"COLAB_RELEASE_TAG": "1"}, None, "terminal"),
        ({}, shell(), "jupyter"),
        ({"COLAB_RELEASE_TAG": "1"}, shell(), "colab"),
        ({"COLAB_RELEASE_TAG": "1", "KAGGLE_KERNEL_RUN_TYPE": "Batch"}, shell(), "kaggle"),
        ({"COLAB_RELEASE_TAG": "1"}, shell(__vsc_ipynb_file__="/a.ipynb"), "vscode"),
        # A Jupyter server that was started in VS Code's terminal
        ({"VSCODE_PID": "1", "TERM_PROGRAM": "vscode"}, shell(), "jupyter"),
    ],
)
def test_the_front_end_is_told_apart(env, shell, expected):
    assert detect_front_end(env, shell) == expected


def test_plain_python_has_no_notebook():
    assert notebook_shell() is None


def test_the_prefix_is_that_of_the_environment_and_not_of_the_python_it_links_to():
    assert prefix_of("/project/.venv/bin/python3") == "/project/.venv"


@pytest.fixture
def server_prefix(tmp_path, monkeypatch):
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "empty"))
    monkeypatch.delenv("JUPYTER_PATH", raising=False)
    monkeypatch.delenv("JUPYTER_CONFIG_PATH", raising=False)
    return tmp_path / "prefix"


def install(prefix, name="an-extension"):
    folder = prefix / "share" / "jupyter" / "labextensions" / name
    folder.mkdir(parents=True)
    (folder / "package.json").write_text("{}")
    return folder


def state(prefix, started_ago=0.0):
    server = JupyterServer(str(prefix), time.time() - started_ago)
    return extension_state("an-extension", server)


def test_an_extension_is_ready_when_it_was_there_before_the_server(server_prefix):
    assert state(server_prefix) == "missing"
    install(server_prefix)
    assert state(server_prefix) == "ready"
    assert state(server_prefix, started_ago=60) == "new"


def test_an_extension_is_new_although_its_files_carry_old_dates(server_prefix):
    folder = install(server_prefix)
    os.utime(folder / "package.json", (1, 1))
    assert state(server_prefix, started_ago=60) == "new"


def test_an_extension_may_lie_in_the_users_folder(server_prefix, monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "share" / "jupyter"))
    install(tmp_path)
    assert state(server_prefix) == "ready"


@pytest.mark.parametrize("place", ["etc/jupyter/labconfig", "share/jupyter/lab/settings"])
@pytest.mark.parametrize("form", [{"an-extension": True}, ["an-extension"]])
def test_an_extension_can_be_disabled(server_prefix, place, form):
    install(server_prefix)
    (server_prefix / place).mkdir(parents=True)
    page_config = server_prefix / place / "page_config.json"
    page_config.write_text(json.dumps({"disabledExtensions": form}))
    assert state(server_prefix) == "disabled"
    page_config.write_text(json.dumps({"disabledExtensions": {"an-extension": False}}))
    assert state(server_prefix) == "ready"
    page_config.write_text("not JSON")
    assert state(server_prefix) == "ready"
