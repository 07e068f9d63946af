"""Run any Pinokio app inside a Jupyter or Colab notebook.

In a notebook: `import pinokiocloud; pinokiocloud.start()`.
"""

from .errors import PinokioCloudError

__all__ = ["PinokioCloudError", "__version__", "down", "show", "start", "status", "wait_ready"]


# Importing this package must stay instant and must not touch Jupyter: the server extension, the console script and
# the kernel each load only the part they use.


def start(home=None):
    """Starts the sidecar where it is not running yet, says what outlives this machine, and shows the tabs."""
    from .session import start

    start(home)


def show(view="frame"):
    """Shows a view under the cell; `"frame"` is all the tabs."""
    from .session import show

    show(view)


def wait_ready(app, timeout=None):
    """Waits until a page of a running app answers and returns its address; `timeout` is in seconds."""
    from .session import wait_ready

    return wait_ready(app, timeout)


def status():
    """What the sidecar says about itself, as a dictionary."""
    from .bootstrap import run_cli

    return run_cli("status")


def down():
    """Stops every app and ends the sidecar."""
    from .bootstrap import run_cli

    return run_cli("down")


def __getattr__(name):
    if name == "__version__":
        from .assets import version

        return version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _jupyter_labextension_paths():
    return [{"src": "labextension", "dest": "pinokiocloud"}]


def _jupyter_server_extension_points():
    return [{"module": "pinokiocloud.serverext"}]
