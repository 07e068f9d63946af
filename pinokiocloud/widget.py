"""The widget that stands under a cell, in the two kinds that front ends can find the browser code of."""

from __future__ import annotations

from functools import cache

from .assets import asset, version, view_bundle


def still_text(view: str, app: str) -> str:
    """What a saved notebook, a front end without widgets and a screen reader get instead of the view."""
    if view == "app":
        return f"PinokioCloud: run the setup cell, then this cell again, to see the page of {app}"
    if view == "running":
        return "PinokioCloud: run the setup cell, then this cell again, to see what runs"
    return "PinokioCloud: run the setup cell to see the tabs"


def display_data(widget, view: str, app: str) -> dict:
    """What a widget is displayed by behind a Jupyter server. Our JupyterLab extension prefers the last type, which only
    it knows, and has words for a view whose kernel is gone: the widget manager says that a model is not found."""
    return {
        "text/plain": still_text(view, app),
        "application/vnd.jupyter.widget-view+json": {
            "version_major": 2,
            "version_minor": 0,
            "model_id": widget.model_id,
        },
        "application/vnd.pinokiocloud.part+json": {"view": view, "app": app},
    }


def make_widget(kind: str, view: str, app: str, home: str, kernel: str):
    """`kind` is "own" where our JupyterLab extension is present, else "anywidget"."""
    shown = {"view": view, "app": app, "home": home, "kernel": kernel}
    if kind == "own":
        return own_widget_class()(**shown)
    return anywidget_class()(**shown, bundle=view_bundle()[0])


@cache
def own_widget_class():
    """Found by JupyterLab and Notebook 7 through our extension, which brings the view with it."""
    import ipywidgets
    from traitlets import Unicode

    # `^` also accepts the very version it names when that is a pre-release.
    matching = f"^{version()}"

    class PinokioWidget(ipywidgets.DOMWidget):
        _model_name = Unicode("PinokioModel").tag(sync=True)
        _model_module = Unicode("pinokiocloud").tag(sync=True)
        _model_module_version = Unicode(matching).tag(sync=True)
        _view_name = Unicode("PinokioView").tag(sync=True)
        _view_module = Unicode("pinokiocloud").tag(sync=True)
        _view_module_version = Unicode(matching).tag(sync=True)

        view = Unicode("frame").tag(sync=True)
        app = Unicode("").tag(sync=True)
        home = Unicode("").tag(sync=True)
        kernel = Unicode("").tag(sync=True)

        def __repr__(self) -> str:
            return still_text(self.view, self.app)

    return PinokioWidget


@cache
def anywidget_class():
    """Works where anywidget does (Colab, Kaggle, VS Code). What is saved with the notebook is a stub that asks this
    kernel for the view by its hash, once in a page: the view itself would be stored again with every widget."""
    import anywidget
    from traitlets import Unicode

    # anywidget takes a single line that ends like a file name for one.
    stub = asset("stub.mjs").read_text("utf-8").rstrip() + "\n"

    class AnyPinokioWidget(anywidget.AnyWidget):
        _esm = stub

        bundle = Unicode("").tag(sync=True)
        view = Unicode("frame").tag(sync=True)
        app = Unicode("").tag(sync=True)
        home = Unicode("").tag(sync=True)
        kernel = Unicode("").tag(sync=True)

        def __repr__(self) -> str:
            return still_text(self.view, self.app)

    return AnyPinokioWidget
