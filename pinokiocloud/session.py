"""What the setup cell does: start the sidecar, say where we are, show the tabs."""

from __future__ import annotations

import os
from functools import cache
from uuid import uuid4

from .assets import version
from .bootstrap import finders
from .choose import choose_widget
from .environment import gather_facts, notebook_shell, where
from .userdata import hand_over_secrets

# Set by a caller who chose a home, "" while the default is used. A widget says which, since the relay of a Jupyter
# server reaches the default home only: a view of a chosen one goes through this kernel.
chosen_home = ""

# Widgets of one kernel share the connection of one of them.
KERNEL = uuid4().hex


def start(home: str | None = None) -> None:
    place = where()
    in_notebook = notebook_shell() is not None
    # A notebook that is opened again shows the front end's own words in place of the tabs, and those do not help.
    print(f"PinokioCloud {version()} · {place.label}" + (" · Run this cell again when its tabs are gone" * in_notebook))
    print(place.keeps)
    sidecar = finders.of(home or os.environ.get("PINOKIOCLOUD_HOME")).find()
    if home:
        choose_home(sidecar.home)
    if not in_notebook:
        print(f"Running, home {sidecar.home}. Go on with `pinokiocloud --help`")
    else:
        show()
        handed = hand_over_secrets()
        if handed:
            print(f"Handed to the apps that ask for them: {', '.join(handed)}")


def show(view: str = "frame", app: str = "") -> None:
    facts = gather_facts()
    choice = choose_widget(facts)
    if choice.kind != "text":
        from IPython.display import display

        from .widget import display_data

        widget = widget_for(choice.kind, view, app)
        if facts.front_end == "jupyter":
            display(display_data(widget, view, app), raw=True)
        else:
            display(widget)
    if choice.kind == "anywidget" and facts.front_end == "jupyter" and view != "frame":
        # A page without our extension has no words for it when its notebook is opened again.
        print("When this view is gone: run the setup cell, and then this one")
    if choice.note:
        print(choice.note)


def show_or_say(view: str, thing: object, app: str = "") -> None:
    """A view of something a cell ended with; its words where the front end shows no views."""
    if choose_widget(gather_facts()).kind == "text":
        print(repr(thing))
    else:
        show(view, app)


def choose_home(home: str) -> None:
    """From now on this kernel, and the commands run from its cells, use this home."""
    global chosen_home
    chosen_home = home
    os.environ["PINOKIOCLOUD_HOME"] = home


widgets: dict[tuple[str, str, str], object] = {}


def widget_for(kind: str, view: str, app: str = ""):
    """The same widget again when a cell is run again: a second model would be saved with the notebook as well."""
    from .assets import view_bundle
    from .widget import make_widget

    key = (kind, view, app)
    widget = widgets.get(key)
    if widget is None or widget.comm is None:
        widget = make_widget(kind, view, app, chosen_home, KERNEL)
        the_bridge().attach(widget)
        widget.comm.on_close(lambda _: widgets.pop(key, None))
        widgets[key] = widget
    widget.home = chosen_home
    if kind == "anywidget":
        widget.bundle = view_bundle()[0]
    return widget


@cache
def the_bridge():
    from .bridge import Bridge

    return Bridge()
