import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { changeSecrets, secretPaths } from "../../../src/runtime/base/secret-store.js";
import { EnvironmentFiles } from "../../../src/runtime/environments/environment-files.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function home() {
  const folder = temporaryFolder();
  const app = join(folder.path, "api", "app");
  mkdirSync(app, { recursive: true });
  return {
    path: folder.path,
    app,
    put: (path: string, text: string) => writeFileSync(join(folder.path, path), text),
    text: (path: string) => readFileSync(join(folder.path, path), "utf8"),
    files: () => new EnvironmentFiles(folder.path, app),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test("a new home and a new app get files with what is usual", () => {
  using at = home();
  at.put("api/app/_ENVIRONMENT", "FLUX=true\nHF_HOME=./models\n");
  const files = at.files();
  files.create();
  expect(at.text("ENVIRONMENT")).toContain("PIP_CACHE_DIR=./cache/PIP_CACHE_DIR\n");
  const text = at.text("api/app/ENVIRONMENT");
  expect(text).toMatch(/^FLUX=true\nHF_HOME=\.\/models\n\n/);
  expect(text.match(/HF_HOME/g)).toHaveLength(1);
  const [ofHome, ofApp] = files.files;
  expect(ofHome).toMatchObject({ HF_HOME: join(at.path, "cache/HF_HOME"), PINOKIO_SHARE_VAR: "url" });
  expect(ofApp).toMatchObject({ FLUX: "true", HF_HOME: join(at.app, "models") });
  expect(ofApp?.["TORCH_HOME"]).toBe(join(at.app, "cache/TORCH_HOME"));
  expect(existsSync(join(at.app, "cache/TORCH_HOME"))).toBe(true);
});

test("files that are there stay; own lines of the home go to a new app", () => {
  using at = home();
  at.put("ENVIRONMENT", "BOTH=home\nMINE=1\nPS1=x\nTMPDIR=/elsewhere\n");
  const files = at.files();
  files.create();
  expect(at.text("ENVIRONMENT")).toContain("BOTH=home");
  const app = at.text("api/app/ENVIRONMENT");
  expect(app).toContain("MINE=1");
  expect(app).not.toContain("PS1");
  expect(files.files[0]?.["TMPDIR"]).toBe(join(at.path, "cache/TMPDIR"));
  at.put("api/app/ENVIRONMENT", "BOTH=app\n");
  files.create();
  expect(at.text("api/app/ENVIRONMENT")).toBe("BOTH=app\n");
});

test("a change is seen, whoever makes it", () => {
  using at = home();
  at.put("api/app/ENVIRONMENT", "A=1\n");
  const files = at.files();
  expect(files.files[1]).toEqual({ A: "1" });
  const { version } = files;
  files.set({ A: "2", B: "x" });
  expect(files.files[1]).toEqual({ A: "2", B: "x" });
  expect(files.version).not.toBe(version);
  at.put("api/app/ENVIRONMENT", "A=three\n");
  expect(files.files[1]).toEqual({ A: "three" });
});

test("nobody else of the machine may read them, whatever is written", () => {
  using at = home();
  const files = at.files();
  files.create();
  files.set({ SERVICE_KEY: "x" });
  const modes = ["ENVIRONMENT", "api/app/ENVIRONMENT"].map((path) => statSync(join(at.path, path)).mode & 0o777);
  expect(modes).toEqual([0o600, 0o600]);
});

test("a launcher in its own folder has its file there, relative to the app", () => {
  using at = home();
  mkdirSync(join(at.app, "pinokio"));
  at.put("api/app/pinokio/_ENVIRONMENT", "M=./models\n");
  const files = at.files();
  files.create();
  expect(at.text("api/app/pinokio/ENVIRONMENT")).toContain("M=./models");
  expect(files.files[1]?.["M"]).toBe(join(at.app, "models"));
});

test("a script of no app has none to change", () => {
  using at = home();
  expect(() => new EnvironmentFiles(at.path, null).set({ A: "1" })).toThrow("belongs to no app");
});

test("secrets that are kept apart are the app's own, and those of the home that it asks for", () => {
  using at = home();
  at.put("api/app/ENVIRONMENT", "OWN_KEY=\nNEWER_KEY=written by a script\n");
  changeSecrets(secretPaths.of(at.path, "app"), { OWN_KEY: "own", NEWER_KEY: "older" });
  changeSecrets(secretPaths.shared(at.path), {
    HF_TOKEN: "asked for",
    OWN_KEY: "of all",
    OTHER_TOKEN: "not asked for",
  });
  const files = new EnvironmentFiles(at.path, at.app, ["HF_TOKEN", "OWN_KEY"]);
  expect(files.files[1]).toEqual({ HF_TOKEN: "asked for", OWN_KEY: "own", NEWER_KEY: "written by a script" });
  const { version } = files;
  changeSecrets(secretPaths.of(at.path, "app"), { OWN_KEY: null });
  expect(files.version).not.toBe(version);
  expect(files.files[1]?.["OWN_KEY"]).toBe("of all");
  at.put("secrets/apps/app.json", "{}");
  expect(files.files[1]).toEqual({ HF_TOKEN: "asked for", OWN_KEY: "of all", NEWER_KEY: "written by a script" });
});
