import { execFileSync } from "node:child_process";
import { lstatSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { changeSecrets, secretPaths } from "../../src/runtime/base/secret-store.js";
import { InstalledApp } from "../../src/runtime/library/installed-store.js";
import { appIdOf } from "../../src/runtime/protocol/ids.js";
import { filesIn, openChangesHome, putFiles } from "./changes-home.js";
import { temporaryFolder } from "./temporary-folder.js";

export const APP = appIdOf("app");
const installer = { text: "Install", script: "install.js", params: {}, default: false };
export const RECORD = InstalledApp.parse({
  ...{ source: "x", state: "installed", installers: [installer] },
  ...{ agreed: "f", scripts: {}, installedAt: "t" },
});
export const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], { cwd, stdio: "pipe" });
export const read = (path: string): string =>
  lstatSync(path).isSymbolicLink() ? `→ ${readlinkSync(path)}` : readFileSync(path, "utf8");

/** An app that a person has used, with an environment, a checkout of its own, and what a person has made. */
export function homeWithApp(options: Parameters<typeof openChangesHome>[1] = {}, folder = temporaryFolder()) {
  const origin = join(folder.path, "origin");
  putFiles(origin, { "pinokio.js": "module.exports = {}", "start.js": "1", "config.txt": "default" });
  git(origin, "init", "-q");
  git(origin, "add", ".");
  git(origin, "commit", "-qm", "one");
  const home = join(folder.path, "home");
  const opened = openChangesHome(home, options);
  const app = join(opened.api, "app");
  git(folder.path, "clone", "-q", origin, app);
  git(folder.path, "clone", "-q", origin, join(app, "code"));
  putFiles(app, {
    "config.txt": "mine",
    "out/a.png": "picture",
    "out/deep/b.png": "picture 2",
    "code/out/c.png": "picture 3",
    "env/pyvenv.cfg": "home = x",
    "env/lib/python.py": "1",
    "env/note.txt": "mine too",
    "node_modules/m/index.js": "1",
  });
  putFiles(join(home, "drive"), { "models/m.bin": "model" });
  symlinkSync(join(home, "drive", "models"), join(app, "models"));
  putFiles(join(home, "runs/run_app1"), { "output.log": "said" });
  opened.store.set(APP, RECORD);
  opened.settings.change(APP, { nice: 5 });
  changeSecrets(secretPaths.of(opened.home, APP), SECRET);
  return {
    ...opened,
    app,
    files: () => filesIn(app, read),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

export const SECRET = { HF_TOKEN: "hf_kept_for_the_app_alone" };
export const OWN = { "code/out/c.png": "picture 3", "config.txt": "mine", "env/note.txt": "mine too" };
export const PICTURES = { "out/a.png": "picture", "out/deep/b.png": "picture 2" };
