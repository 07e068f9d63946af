import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { testHome, until } from "../../helpers/command-line.js";
import { writeAt } from "../../helpers/environments.js";
import { fileServer } from "../../helpers/file-server.js";

const MB = 1024 ** 2;

test("an app beyond its budget keeps running, and gets nothing more; it is told what could be freed", async () => {
  await using home = testHome();
  await using server = await fileServer((_, response) => void response.end("more"));
  const app = (...parts: string[]) => join(home.path, "api", "painter", ...parts);
  const shell = (message: string) => ({ method: "shell.run", params: { message } });
  writeAt(app("pinokio.js"), 'module.exports = { title: "Painter", menu: [] }');
  writeAt(app("install.json"), JSON.stringify({ run: [shell("echo installed > installed.txt")] }));
  writeAt(app("paint.json"), JSON.stringify({ run: [shell("echo painted > painted.txt")] }));
  writeAt(
    app("get.json"),
    JSON.stringify({ run: [{ method: "fs.download", params: { url: `${server.url}/m.bin`, path: "m.bin" } }] }),
  );
  const script = (name: string) => home.run("script", "run", app(name));
  await home.run("up");

  expect((await home.run("limit", "painter", "--disk", "20MB")).out).toMatch(/disk +20 MB +\d+ KB used/);
  expect((await script("install.json")).code).toBe(0);

  const log = () => readFileSync(join(home.path, "logs/sidecar.log"), "utf8");
  writeFileSync(app("picture.bin"), Buffer.alloc(18.5 * MB, 1));
  expect((await script("paint.json")).code).toBe(0);
  await until(log, (text) => text.includes('"state":"near"'));

  mkdirSync(app("cache"), { recursive: true });
  writeFileSync(app("cache", "loaded.bin"), Buffer.alloc(12 * MB, 1));
  writeFileSync(app("picture.bin"), Buffer.alloc(9 * MB, 1));
  const install = await script("install.json");
  expect(install.code).toBe(1);
  expect(install.err).toMatch(/painter takes 21 MB of the disk and may take 20 MB: nothing more is installed/);
  expect(install.err).toMatch(/Could be freed: 12 MB \(its cache/);
  for (const words of [["list"], ["info", "painter"]]) {
    const { out, err } = await home.run(...words);
    expect([out, err]).toEqual([
      expect.stringContaining("21 MB of 20 MB"),
      expect.stringMatching(
        /^warning: painter takes 21 MB of the disk and may take 20 MB: .*pinokiocloud limit painter/m,
      ),
    ]);
  }
  expect((await home.run("run", "painter", "paint.json")).err).toMatch(/^warning: painter takes 21 MB/m);
  const download = await script("get.json");
  expect(`${download.out}${download.err}`).toMatch(/may take 20 MB: nothing more is installed or downloaded/);

  expect((await script("paint.json")).code).toBe(0);
  expect(readFileSync(app("painted.txt"), "utf8")).toBe("painted\n");
  expect(log()).toContain('"state":"over"');

  rmSync(app("cache"), { recursive: true });
  expect((await script("get.json")).code).toBe(0);
  expect((await home.run("limit", "painter", "--disk", "off")).out).toMatch(/disk +no limit/);
});
