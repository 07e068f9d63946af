"""Says "on" or "off": whether JupyterLab, with this person's own settings, asks visitors for a token or password."""

import logging

from jupyter_server.serverapp import ServerApp
from jupyterlab.labapp import LabApp

logging.disable()
app = ServerApp.instance(jpserver_extensions={LabApp.get_extension_package(): True})
app.initialize(argv=[], starter_extension=LabApp.name, find_extensions=False, new_httpserver=False)
print("on" if app.identity_provider.auth_enabled else "off")
