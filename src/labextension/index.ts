import { appPagesPlugin } from "./plugins/app-pages.js";
import { commandsPlugin } from "./plugins/commands.js";
import { fileBrowserPlugin } from "./plugins/file-browser.js";
import { launcherPlugin } from "./plugins/launcher.js";
import { mainTabPlugin } from "./plugins/main-tab.js";
import { notificationsPlugin } from "./plugins/notifications.js";
import { panelPlugin } from "./plugins/panel.js";
import { runningPlugin } from "./plugins/running.js";
import { settingsPlugin } from "./plugins/settings.js";
import { sidecarPlugin } from "./plugins/sidecar.js";
import { statusBarPlugin } from "./plugins/status-bar.js";
import { webPagesPlugin } from "./plugins/web-pages.js";
import { widgetPlugin } from "./plugins/widget.js";

export default [
  sidecarPlugin,
  settingsPlugin,
  panelPlugin,
  mainTabPlugin,
  appPagesPlugin,
  webPagesPlugin,
  commandsPlugin,
  notificationsPlugin,
  launcherPlugin,
  statusBarPlugin,
  runningPlugin,
  fileBrowserPlugin,
  widgetPlugin,
];
