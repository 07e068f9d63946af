"""Run any Pinokio app inside a Jupyter or Colab notebook.

In a notebook: `import pinokiocloud; pinokiocloud.start()`. In a program:
`pinokiocloud.install("hello-server", agree=True)`, `pinokiocloud.start("hello-server").wait_ready().url`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from .errors import PinokioError

if TYPE_CHECKING:
    import os

    from . import aio as aio
    from .client.app import App
    from .client.run import Run, Running

    __version__: str

__all__ = [
    "PinokioError",
    "__version__",
    "aio",
    "app",
    "apps",
    "down",
    "install",
    "running",
    "runs",
    "show",
    "start",
    "status",
    "stop",
    "wait_ready",
]


# Importing this package must stay instant and must not touch Jupyter: the server extension, the console script and
# the kernel each load only the part they use.


@overload
def start(app: None = None, *, home: str | None = None) -> None: ...
@overload
def start(
    app: str | App,
    script: str | None = None,
    *,
    wait: bool = True,
    timeout: float | None = None,
    params: dict[str, Any] | None = None,
    answers: list[Any] | None = None,
    quiet: bool = False,
) -> Run: ...
def start(app=None, script=None, *, home=None, **how):
    """
    Starts an app, or a script of it, and waits until it is ready or over, but for `wait=False`. Without an app, as in
    the setup cell: starts the sidecar where it is not running yet, says what outlives this machine, and shows the tabs.
    """
    if not app:
        from .session import start

        return start(home)
    from .client import runs
    from .client.background import call
    from .client.run import Run

    if home:
        raise PinokioError("request-invalid", "A home is chosen before an app is started", "Call start(home=…) first")
    return Run(call(runs.start, id_of(app), script, **how))


def install(
    source: str | os.PathLike[str],
    *,
    agree: bool = False,
    name: str | None = None,
    script: str | None = None,
    branch: str | None = None,
    commit: str | None = None,
    token: str | None = None,
    despite_warning: bool = False,
    quiet: bool = False,
) -> App:
    """
    Installs an app: a name from the catalog, owner/name on GitHub, the address of a repository, or a folder. Without
    `agree=True` it is refused, and the error shows what its scripts would run. One that is here is returned.
    """
    from .client import installs
    from .client.app import App
    from .client.background import call

    return App(
        call(
            installs.install,
            source,
            agree=agree,
            name=name,
            script=script,
            branch=branch,
            commit=commit,
            token=token,
            despite_warning=despite_warning,
            quiet=quiet,
        )
    )


def stop(which: str | App, *, quiet: bool = False) -> list[Run]:
    """Stops everything an app runs, or one script or run, and returns what it stopped once nothing of it is left."""
    from .client import runs
    from .client.background import call
    from .client.run import Run

    return [Run(data) for data in call(runs.stop, id_of(which), quiet=quiet)]


def wait_ready(app: str | App, timeout: float | None = None) -> str:
    """Waits until a page of a running app answers and returns its address; `timeout` is in seconds."""
    from .client import runs
    from .client.background import call

    return call(runs.wait_for_page, id_of(app), timeout)["serving"]["url"]


def apps() -> list[App]:
    """The installed apps."""
    from .client import installs
    from .client.app import App
    from .client.background import call

    return [App(data) for data in call(installs.apps, quiet=True)]


def app(app_id: str) -> App:
    """An installed app; as the last line of a cell it shows the app's page."""
    from .client import installs
    from .client.app import App
    from .client.background import call

    return App(call(installs.app, app_id, quiet=True))


def runs(which: str | App | None = None) -> list[Run]:
    """The runs that are known, of an app or a script too, the oldest first."""
    from .client import runs
    from .client.background import call
    from .client.run import Run

    return [Run(data) for data in call(runs.listed, None if which is None else id_of(which), quiet=True)]


def running() -> Running:
    """The runs that are not over; as the last line of a cell it shows them."""
    from .client.run import Running

    return Running(run for run in runs() if run.is_live)


def show(view: str = "frame", app: str = "") -> None:
    """Shows a view under the cell: `"frame"` is all the tabs, `"running"` the runs, `"app"` the page of `app`."""
    from .session import show

    show(view, app)


def status() -> dict[str, Any]:
    """What the sidecar says about itself, as a dictionary."""
    from .bootstrap import run_cli

    return run_cli("status")


def down() -> dict[str, Any]:
    """Stops every app and ends the sidecar."""
    from .bootstrap import run_cli

    return run_cli("down")


def id_of(which: str | App) -> str:
    return which if isinstance(which, str) else which.id


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from .assets import version

        return version()
    if name == "aio":
        from importlib import import_module

        return import_module(".aio", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _jupyter_labextension_paths():
    return [{"src": "labextension", "dest": "pinokiocloud"}]


def _jupyter_server_extension_points():
    return [{"module": "pinokiocloud.serverext"}]
