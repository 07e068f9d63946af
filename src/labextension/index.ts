import { commandsPlugin } from "./plugins/commands.js";
import { launcherPlugin } from "./plugins/launcher.js";
import { notificationsPlugin } from "./plugins/notifications.js";
import { panelPlugin } from "./plugins/panel.js";
import { sidecarPlugin } from "./plugins/sidecar.js";
import { widgetPlugin } from "./plugins/widget.js";

export default [sidecarPlugin, panelPlugin, commandsPlugin, notificationsPlugin, launcherPlugin, widgetPlugin];
