"""An installed app, for a program that reads it and for a cell that shows it."""

from __future__ import annotations

from typing import Any

from .words import on_one_line


class App:
    """As it stood when it was asked for; `data` is all that the protocol tells of it. A cell shows its page."""

    def __init__(self, data: dict[str, Any]):
        self.data = data

    @property
    def id(self) -> str:
        return self.data["id"]

    @property
    def title(self) -> str:
        return self.data["title"]

    @property
    def description(self) -> str:
        return self.data["description"]

    @property
    def state(self) -> str:
        """How far its installation is: "installed", "installing", "install-failed", "choose" or "not-installed"."""
        return self.data["state"]

    @property
    def status(self) -> str:
        """How it stands, in one word, such as "running" or "update"."""
        return self.data.get("status") or self.state

    @property
    def path(self) -> str:
        return self.data["path"]

    def __repr__(self) -> str:
        return f"<App {self.id}: {on_one_line(self.title)}, {self.status}>"

    def _ipython_display_(self) -> None:
        from ..session import show_or_say

        show_or_say("app", self, self.id)
