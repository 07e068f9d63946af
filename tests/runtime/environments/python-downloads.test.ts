import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { canDownloadPython } from "../../../src/runtime/environments/python-downloads.js";
import { fileServer } from "../../helpers/file-server.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("it is asked once, with any answer, and again when that is old", async () => {
  using folder = temporaryFolder();
  let asked = 0;
  await using server = await fileServer((_, response) => {
    asked++;
    response.writeHead(404).end();
  });
  let now = Date.parse("2026-01-01T00:00:00Z");
  const ask = (address = server.url) =>
    canDownloadPython({ home: folder.path, env: { UV_PYTHON_INSTALL_MIRROR: address }, now: () => now });
  expect([await ask(), await ask(), asked]).toEqual([true, true, 1]);
  expect(JSON.parse(readFileSync(join(folder.path, "system/python-downloads.json"), "utf8"))).toEqual({
    address: server.url,
    canDownload: true,
    at: "2026-01-01T00:00:00.000Z",
    until: "2026-01-08T00:00:00.000Z",
  });
  expect([await ask(`${server.url}/other`), asked]).toEqual([true, 2]);
  now += 8 * 24 * 3_600_000;
  expect([await ask(), asked]).toEqual([true, 3]);
});

test("a refused or silent network is a no, for an hour", async () => {
  using folder = temporaryFolder();
  await using silent = await fileServer(() => undefined);
  const env = { UV_PYTHON_INSTALL_MIRROR: silent.url };
  expect(await canDownloadPython({ home: folder.path, env, limitMs: 50, now: () => 0 })).toBe(false);
  const file = join(folder.path, "system/python-downloads.json");
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
    canDownload: false,
    until: "1970-01-01T01:00:00.000Z",
  });
  const gone = { UV_PYTHON_INSTALL_MIRROR: "http://127.0.0.1:9" };
  expect(await canDownloadPython({ home: folder.path, env: gone })).toBe(false);
});

test.each([
  ["when uv was told to stay offline", { UV_OFFLINE: "1" }, false],
  ["with a mirror on the disk", { UV_PYTHON_INSTALL_MIRROR: "file:///mirror" }, true],
  ["through a proxy", { HTTPS_PROXY: "http://127.0.0.1:9" }, true],
])("nothing is asked %s", async (_, env, expected) => {
  using folder = temporaryFolder();
  expect(await canDownloadPython({ home: folder.path, env })).toBe(expected);
});
