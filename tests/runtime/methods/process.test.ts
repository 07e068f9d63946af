import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { process as methods } from "../../../src/runtime/methods/process.js";
import { callChecked, fakeContext } from "../../helpers/fake-context.js";
import { fileServer } from "../../helpers/file-server.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const wait = (params: unknown, context = fakeContext()) => callChecked(methods.wait, params, context);

test("a time passes", async () => {
  const began = Date.now();
  expect(await wait({ sec: 0.05 })).toBeUndefined();
  await wait({ min: "0.001" });
  expect(Date.now() - began).toBeGreaterThanOrEqual(105);
});

test("an address is asked until it agrees", async () => {
  let asked = 0;
  await using server = await fileServer((_, response) => response.writeHead(++asked < 3 ? 503 : 200).end());
  await wait({ uri: server.url, interval: 0.06 });
  expect(asked).toBe(3);
});

test("without parameters it waits for the stop, which is no error", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("stopped")), 20);
  const context = fakeContext({ signal: stop.signal });
  expect(await wait({ title: "Up" }, context)).toBeUndefined();
  expect(context.told.map(({ kind }) => kind)).toEqual(["process.wait.start", "process.wait.end"]);
});

test("resources: a file, a port, an address", async () => {
  using folder = temporaryFolder();
  await using server = await fileServer((_, response) => response.end());
  writeFileSync(join(folder.path, "f"), "x");
  const context = fakeContext({ cwd: folder.path });
  const port = new URL(server.url).port;
  const resources = ["f", `tcp:${port}`, `tcp:127.0.0.1:${port}`, server.url, server.url.replace("http:", "http-get:")];
  await wait({ on: { resources, interval: 10, window: 20, timeout: 3000 } }, context);
  await wait({ on: { resources: ["file:none"], reverse: true, interval: 10 } }, context);
});

test("what does not come in time is an error that names it", async () => {
  const options = { resources: ["tcp:127.0.0.1:9"], timeout: 30, interval: 10 };
  await expect(wait({ on: options })).rejects.toThrow("tcp:127.0.0.1:9");
  for (const key of ["app", "id", "name"]) {
    await expect(wait({ [key]: "vlc", sec: 0 })).rejects.toMatchObject({ code: "tool-missing" });
  }
  await expect(wait({ app: "vlc" })).rejects.toMatchObject({ code: "tool-missing" });
});
