import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { testHome, until } from "../../helpers/command-line.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("an app that is to come up with Pinokio does, once a start, and only when it was agreed to", async () => {
  await using home = testHome();
  using sources = temporaryFolder();
  const write = (app: string): string => {
    const folder = join(sources.path, app);
    mkdirSync(folder);
    writeFileSync(join(folder, "pinokio.json"), "{}");
    writeFileSync(join(folder, "ENVIRONMENT"), "PINOKIO_SCRIPT_AUTOLAUNCH=start.json\n");
    const step = { method: "fs.append", params: { path: "starts.txt", text: "{{JSON.stringify(args)}};" } };
    writeFileSync(join(folder, "start.json"), JSON.stringify({ daemon: true, run: [step] }));
    return folder;
  };
  await home.run("install", write("mine"), "--yes");
  await home.run("install", write("changed"), "--yes");
  writeFileSync(join(home.path, "api/changed/start.json"), '{ "run": [{ "method": "log" }] }'); // agreed to no more
  const starts = (): string => {
    const file = join(home.path, "api/mine/starts.txt");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  expect(starts()).toBe("");

  await home.run("down");
  await home.run("up");
  await until(starts, (text) => text === "{};");
  expect((await home.run("script", "status", join(home.path, "api/mine/start.json"), "--json")).json).toMatchObject({
    running: true,
  });

  // A person stops it: the next sidecar of the same start leaves it so.
  await home.run("script", "stop", join(home.path, "api/mine/start.json"));
  await home.run("down", "--sidecar-only");
  await home.run("up");
  expect((await home.run("status", "--json")).json).toMatchObject({ liveRuns: 0 });
  expect(starts()).toBe("{};");
  expect((await home.run("script", "status", join(home.path, "api/changed/start.json"), "--json")).json).toMatchObject({
    running: false,
    ready: false,
  });
});
