import { execFileSync } from "node:child_process";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { readScripts } from "../../src/runtime/library/fingerprint.js";
import { InstalledApp } from "../../src/runtime/library/installed-store.js";
import { appIdOf } from "../../src/runtime/protocol/ids.js";
import { filesIn, openChangesHome, putFiles } from "./changes-home.js";
import { temporaryFolder } from "./temporary-folder.js";

const APP = appIdOf("app");
export const git = (cwd: string, ...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
    cwd,
    stdio: "pipe",
    encoding: "utf8",
  }).trim();
const read = (path: string): string =>
  lstatSync(path).isSymbolicLink() ? `→ ${readlinkSync(path)}` : readFileSync(path, "utf8").slice(0, 200);
/** What the app holds when it is fetched first. */
export const FETCHED_FILES = {
  "pinokio.js": "1",
  "start.js": "1",
  "config.txt": "a\nb\nc\nd\ne\n",
  "notes.txt": "hers\n",
};

/** An app that was cloned, from where something newer is. */
export async function homeWithClone(options: Parameters<typeof openChangesHome>[1] = {}, folder = temporaryFolder()) {
  const origin = join(folder.path, "origin");
  putFiles(origin, FETCHED_FILES);
  git(origin, "init", "-q", "-b", "main");
  git(origin, "add", ".");
  git(origin, "commit", "-qm", "one");
  const w = openChangesHome(join(folder.path, "home"), options);
  const app = join(w.api, "app");
  git(folder.path, "clone", "-q", `file://${origin}`, app);
  const { fingerprint, files } = await readScripts(app);
  const record = { source: origin, state: "installed", installedAt: "t", agreed: fingerprint, scripts: files };
  w.store.set(APP, InstalledApp.parse(record));
  const commit = (changes: Record<string, string>, message: string): void => {
    putFiles(origin, changes);
    git(origin, "add", "-A");
    git(origin, "commit", "-qm", message);
  };
  const { signal } = new AbortController();
  return {
    ...w,
    id: APP,
    app,
    origin,
    commit,
    look: () => w.changes.look(APP, signal),
    update: async (agreed: string | null = null) => {
      const { job, entry } = await w.changes.update(APP, { agreed });
      return { entry, job: await w.done(job) };
    },
    /** How its files begin, and of links with where they lead. */
    files: () => filesIn(app, read),
    head: () => git(app, "rev-parse", "HEAD"),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}
