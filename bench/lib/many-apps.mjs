// A home with many apps whose menus have to be evaluated.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A menu as most launchers have it: what it offers depends on what is there and what runs. */
export const LAUNCHER = `
module.exports = {
  version: "2.0",
  title: "Menu",
  description: "Measures menus",
  menu: async (kernel, info) => {
    const installed = info.exists("env");
    const running = ["install.json", "start.json", "update.json"].filter((file) => info.running(file));
    if (running.length > 0) return [{ default: true, icon: "fa-solid fa-plug", text: "Running", href: running[0] }];
    return [
      { default: !installed, icon: "fa-solid fa-plug", text: "Install", href: "install.json" },
      { default: installed, icon: "fa-solid fa-power-off", text: "Start", href: "start.json", params: { lowvram: true } },
      { icon: "fa-solid fa-rotate", text: "Update", href: "update.json" },
      { icon: "fa-regular fa-circle-xmark", text: "Reset", href: "reset.json", confirm: "Are you sure?" },
      { icon: "fa-solid fa-folder", text: "Files", menu: [{ text: "Outputs", href: "outputs", fs: true }] },
    ];
  },
};
`;

/** The names of the apps. */
export function placeApps(home, count) {
  return Array.from({ length: count }, (_, number) => {
    const app = `app-${number}`;
    const folder = join(home, "api", app);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "pinokio.js"), LAUNCHER);
    for (const script of ["install", "start", "update", "reset"]) {
      writeFileSync(
        join(folder, `${script}.json`),
        JSON.stringify({ run: [{ method: "log", params: { text: script } }] }),
      );
    }
    return app;
  });
}

/** Their files are the same, so what a person agrees to is the same too. */
export async function agreeTo({ home, request }, apps) {
  const { fingerprint } = await request("apps.inspect", { source: join(home, "api", apps[0]) });
  for (const appId of apps) await request("apps.agree", { appId, fingerprint });
}
