"""What the build put into `static/`, and the version, which stands only in package.json."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from .errors import PinokioError

STATIC = Path(__file__).parent / "static"
# There in a checkout that has not been built.
PACKAGE_JSON = Path(__file__).parent.parent / "package.json"


def asset(name: str) -> Path:
    path = STATIC / name
    if not path.is_file():
        raise PinokioError(
            "sidecar-start-failed",
            f"{path} is missing",
            "Install PinokioCloud again, or run `npm run build` when this is a checkout",
        )
    return path


def version() -> str:
    """As package.json writes it (1.2.0-beta.1), which is not how a wheel's metadata would (1.2.0b1)."""
    return read_json(STATIC / "build.json").get("version") or read_json(PACKAGE_JSON).get("version") or "0.0.0"


def protocol() -> int | None:
    """The protocol that this build's browser code and sidecar speak."""
    return read_json(STATIC / "build.json").get("protocol")


def read_json(path: Path) -> dict:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def view_bundle() -> tuple[str, bytes]:
    """The browser code of the widget, with its SHA-256."""
    content = asset("view.mjs").read_bytes()
    return hashlib.sha256(content).hexdigest(), content
