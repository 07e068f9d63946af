// npm start: sets up what is missing, then runs JupyterLab with PinokioCloud until Ctrl-C.
// PORT (8888) and HOST (127.0.0.1) say where.
import { withNode } from "./lib/check-node.mjs";

withNode(() => import("./lib/commands/start.mjs"));
