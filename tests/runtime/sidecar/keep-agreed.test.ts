import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { createAgreements } from "../../../src/runtime/library/agreements.js";
import { readScripts } from "../../../src/runtime/library/fingerprint.js";
import { openInstalledStore } from "../../../src/runtime/library/installed-store.js";
import { appIdOf } from "../../../src/runtime/protocol/ids.js";
import { agreedKeeper } from "../../../src/runtime/sidecar/keep-agreed.js";
import { putFiles } from "../../helpers/changes-home.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const APP = appIdOf("conf");

async function agreedApp() {
  const folder = temporaryFolder();
  const app = join(folder.path, "conf");
  putFiles(app, { "pinokio.js": "1", "config.json": '{ // a comment\n "port": 80 }', "start.json": '{ "run": [] }' });
  const store = openInstalledStore(join(folder.path, "installed.json"));
  const agreements = createAgreements({ store, folderOf: () => app, now: () => new Date() });
  await agreements.agree(APP, (await readScripts(app)).fingerprint);
  const hasAgreed = () => agreements.holds(APP);
  const keep = agreedKeeper(folder.path, { hasAgreed, record: (id) => store.get(id), agree: agreements.agree });
  return {
    hasAgreed,
    keep: () => keep(APP),
    write: (name: string, text: string) => writeFileSync(join(app, name), text),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test("who changes a setting in a file that counts as a script is not asked again", async () => {
  using app = await agreedApp();
  const after = await app.keep();
  app.write("config.json", '{ // a comment\n "port": 81 }');
  expect(await app.hasAgreed()).toBe(false);
  expect(await after(["config.json"])).toBe(null);
  expect(await app.hasAgreed()).toBe(true);
});

test("where another script has changed too, nothing is agreed to, and that is said", async () => {
  using app = await agreedApp();
  const after = await app.keep();
  app.write("config.json", '{ // a comment\n "port": 81 }');
  app.write("start.json", '{ "run": [{ "method": "shell.run" }] }');
  expect(await after(["config.json"])).toMatch(/agreed to again before it starts/);
  expect(await app.hasAgreed()).toBe(false);
  expect(await (await app.keep())(["config.json"])).toBe(null); // known before, and told where it starts
});
