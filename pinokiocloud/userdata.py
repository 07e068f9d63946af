"""Colab's secrets: those that installed apps ask for are handed to the sidecar, which hands them to their runs."""

from __future__ import annotations

import json
import os
import sys

from .bootstrap import run_cli
from .errors import PinokioError

# Fetching a model asks for it without a word in any script.
USUAL = "HF_TOKEN"


def hand_over_secrets() -> list[str]:
    """Names of what was handed over. Colab asks the person once for each that this notebook has not used before."""
    userdata = colab_userdata()
    if userdata is None:
        return []
    values = {}
    for name in wanted_names():
        value = secret(userdata, name)
        if value:
            values[name] = value
    if not values:
        return []
    try:
        # On standard input: others can read a command line.
        return run_cli("config", "secrets", "--take", given=json.dumps(values))["names"]
    except PinokioError as error:
        print(f"Colab's secrets were not handed over: {error}")
        return []


def colab_userdata():
    if "COLAB_RELEASE_TAG" not in os.environ or "google.colab" not in sys.modules:
        return None
    try:
        from google.colab import userdata
    except ImportError:
        return None
    return userdata


def wanted_names() -> list[str]:
    """What installed apps ask for and nobody has given; where nothing is installed nobody is asked anything."""
    try:
        secrets = run_cli("config", "secrets")["secrets"]
    except PinokioError:
        return []
    names = [secret["name"] for secret in secrets if secret["apps"] and not secret["isSet"]]
    has_usual = any(secret["name"] == USUAL and secret["isSet"] for secret in secrets)
    return [*names, *([USUAL] if secrets and not has_usual and USUAL not in names else [])]


def secret(userdata, name: str) -> str | None:
    try:
        return userdata.get(name)
    except Exception:  # there is none of that name, or the person does not let this notebook have it
        return None
