"""Colab's secrets on their way to the sidecar."""

import json
import sys
import types

import pytest

from pinokiocloud import assets
from pinokiocloud.userdata import hand_over_secrets

ASKED = [
    {"name": "CIVITAI_API_KEY", "apps": ["paint"], "isSet": False},
    {"name": "OPENAI_API_KEY", "apps": ["chat"], "isSet": True},
    {"name": "REFUSED_KEY", "apps": ["chat"], "isSet": False},
]
KEPT = {"CIVITAI_API_KEY": "civ-123", "OPENAI_API_KEY": "sk-456", "HF_TOKEN": "hf_789", "OTHER": "x"}


@pytest.fixture
def colab(stand_in, package, monkeypatch):
    """A Colab whose person has some secrets and lets this notebook have all but one."""
    for name in ("PINOKIOCLOUD_HOME", "PINOKIOCLOUD_NODE"):
        monkeypatch.setenv(name, stand_in.env[name])
    monkeypatch.setattr(assets, "STATIC", package / "static")
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release")
    asked = []

    def get(name):
        asked.append(name)
        if name not in KEPT:
            raise RuntimeError(f"Secret {name} does not exist, or access was refused")
        return KEPT[name]

    module = types.ModuleType("google.colab")
    module.userdata = types.SimpleNamespace(get=get)
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", module)
    stand_in.asked = asked
    return stand_in


def given(home):
    return json.loads((home.home / "given.json").read_text())


def test_what_installed_apps_ask_for_is_handed_over_on_standard_input(colab):
    colab.wish(secrets=ASKED)
    assert hand_over_secrets() == ["CIVITAI_API_KEY", "HF_TOKEN"]
    assert given(colab) == {"CIVITAI_API_KEY": "civ-123", "HF_TOKEN": "hf_789"}
    assert colab.asked == ["CIVITAI_API_KEY", "REFUSED_KEY", "HF_TOKEN"]
    assert colab.calls() == ["config secrets --json", "config secrets --take --json"]


def test_where_no_app_asks_for_any_the_person_is_not_asked_either(colab):
    assert hand_over_secrets() == []
    assert colab.asked == []


def test_elsewhere_nothing_is_looked_for(colab, monkeypatch):
    monkeypatch.delenv("COLAB_RELEASE_TAG")
    assert hand_over_secrets() == []
    assert not (colab.home / "calls.txt").exists()
