"""Builds the front end before the wheel is put together, unless it has been built already."""

import subprocess
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = ["pinokiocloud/static/build.json", "pinokiocloud/labextension/package.json"]


class FrontEndHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict) -> None:
        root = Path(self.root)
        if all((root / path).exists() for path in BUILT):
            return
        try:
            subprocess.run(["node", "scripts/build.mjs"], cwd=root, check=True)
        except FileNotFoundError:
            raise RuntimeError("Building PinokioCloud from its sources needs Node 20.19 or newer, with npm.") from None
