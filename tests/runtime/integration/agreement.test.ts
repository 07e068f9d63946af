import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { testHome, type TestHome } from "../../helpers/command-line.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

type Step = Record<string, unknown>;

const start = (uri: string): Step => ({ method: "script.start", params: { uri }, on_error: "continue" });
const keep: Step = {
  method: "fs.append",
  params: { path: "said.txt", text: "{{input ? input.code || input.said : 'nothing'}};" },
};

function put(folder: string, files: Record<string, unknown>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  }
}

/** What `caller/start.json` was told, once it is over. */
async function said(home: TestHome, ...command: string[]): Promise<string> {
  await home.run(...command);
  const { out } = await home.run("logs", "caller/start.json");
  return out;
}

const OTHER = { "other/go.json": { run: [{ method: "script.return", params: { said: "went" } }] } };
const LAUNCHER = { "pinokio.json": { title: "An app" } };
const CALLER = {
  ...LAUNCHER,
  "start.json": { run: [start("../other/go.json"), keep, { method: "fs.cat", params: { path: "said.txt" } }] },
};

test("a script of one app starts those of another only when that app was agreed to, too", async () => {
  await using home = testHome();
  using sources = temporaryFolder();
  put(join(sources.path, "caller"), CALLER);
  put(join(home.path, "api"), OTHER);
  await home.run("install", join(sources.path, "caller"), "--yes");
  expect(await said(home, "run", "caller", "start.json")).toContain("agreement-needed;");

  put(join(sources.path, "other"), { ...LAUNCHER, "go.json": OTHER["other/go.json"] });
  await home.run("install", join(sources.path, "other"), "--name", "third", "--yes");
  put(join(home.path, "api/caller"), {
    "later.json": { run: [start("../third/go.json"), keep, { method: "fs.cat", params: { path: "said.txt" } }] },
  });
  await home.run("script", "run", join(home.path, "api/caller/later.json"));
  expect((await home.run("logs", "caller/later.json")).out).toContain("agreement-needed;went;");
});

test("asking for a script on the command line is the agreement to all that it starts", async () => {
  await using home = testHome();
  put(join(home.path, "api"), {
    ...OTHER,
    "caller/start.json": {
      run: [start("middle.json"), keep, { method: "fs.cat", params: { path: "said.txt" } }],
    },
    "caller/middle.json": { run: [{ method: "script.start", params: { uri: "../other/go.json" } }] },
  });
  expect(await said(home, "script", "run", join(home.path, "api/caller/start.json"))).toContain("went;");
});

test("an app that another one requires has to be agreed to as well", async () => {
  await using home = testHome();
  using sources = temporaryFolder();
  put(join(sources.path, "caller"), {
    ...LAUNCHER,
    "start.json": { run: [{ method: "log", params: { raw: "up" } }] },
    ENVIRONMENT: "PINOKIO_SCRIPT_AUTOLAUNCH=start.json\nPINOKIO_SCRIPT_REQUIRES=other\n",
  });
  put(join(home.path, "api"), { ...OTHER, "other/ENVIRONMENT": "PINOKIO_SCRIPT_AUTOLAUNCH=go.json\n" });
  await home.run("install", join(sources.path, "caller"), "--yes");
  const refused = await home.run("run", "caller", "start.json");
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("nobody has agreed to what other will run");
  expect((await home.run("script", "run", join(home.path, "api/caller/start.json"))).code).toBe(0);
});
