"""Decides which kind of widget this front end can show. Pure: what it looks at is gathered in environment.py."""

from __future__ import annotations

from dataclasses import dataclass

RELOAD = "Reload this page, then run this cell again"
MISSING_ANYWIDGET = "This page cannot show the tabs yet: run `%pip install anywidget`, then run this cell again"
MISSING_IN_SERVER = (
    "This page cannot show the tabs yet: install the package anywidget where the Jupyter server runs. " + RELOAD
)


@dataclass(frozen=True)
class Facts:
    # "colab", "kaggle", "vscode", "jupyter" (a Jupyter server), "terminal" (nothing that shows widgets)
    front_end: str
    # Importable by this kernel
    ipywidgets: bool
    anywidget: bool
    # The browser parts a Jupyter server offers: "missing", "disabled", "new" (came after the server started, so open
    # pages do not have it) or "ready"
    our_extension: str
    anywidget_extension: str


@dataclass(frozen=True)
class Choice:
    kind: str  # "own", "anywidget" or "text"
    note: str = ""


def choose_widget(facts: Facts) -> Choice:
    if facts.front_end == "terminal":
        return Choice("text", "There is no notebook here to show the tabs in: run `pinokiocloud --help` in a terminal")
    if not facts.ipywidgets:
        return Choice("text", f"The tabs need ipywidgets: run `%pip install ipywidgets anywidget`. {RELOAD}")
    if facts.front_end != "jupyter":
        return Choice("anywidget") if facts.anywidget else Choice("text", MISSING_ANYWIDGET)
    return choose_in_jupyter(facts)


def choose_in_jupyter(facts: Facts) -> Choice:
    anywidget_extension = facts.anywidget_extension if facts.anywidget else "missing"
    if facts.our_extension == "ready":
        return Choice("own")
    if anywidget_extension == "ready":
        return Choice("anywidget")
    if facts.our_extension == "new":
        return Choice("own", RELOAD)
    if anywidget_extension == "new":
        return Choice("anywidget", RELOAD)
    if facts.our_extension == "disabled":
        return Choice(
            "text",
            "The JupyterLab extension pinokiocloud is disabled: run `jupyter labextension enable pinokiocloud`, "
            "then reload this page",
        )
    return Choice("text", MISSING_IN_SERVER)
