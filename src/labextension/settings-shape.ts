import * as z from "zod";

/** The settings of `schema/panel.json`; what cannot be read is as usual. */
export const SettingsShape = z.object({
  openOnStart: z.boolean().catch(false),
  webPages: z.enum(["jupyterlab", "browser"]).catch("jupyterlab"),
  notifications: z.enum(["all", "important", "none"]).catch("all"),
  statusBar: z.boolean().catch(true),
  runningPanel: z.boolean().catch(true),
  launcherCards: z.boolean().catch(true),
  trustedPages: z.array(z.string()).catch([]),
});
export type Settings = z.infer<typeof SettingsShape>;
