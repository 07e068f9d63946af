// The catalog as it is shipped, asked over the command line by one sidecar.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { testHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";
import { fileServer } from "../../helpers/file-server.js";

test("packages are searched, described, and their sources kept", async () => {
  await using home = testHome();
  const json = async <Value>(...args: string[]) => (await home.run(...args, "--json")).json as unknown as Value;

  const plain = await home.run("search", "comfyiu", "--most", "3");
  expect(plain.code).toBe(0);
  expect(plain.out).toMatch(/^comfy.*ComfyUI/m);
  expect(plain.err).toMatch(/^and \d+ more; --most \d+ shows them all$/m);
  const found = await json<{ packages: { id: string; category: string }[]; size: number }>(
    ...["search", "voice", "--category", "audio", "--no-token", "--cpu", "--most", "2", "--sort", "name"],
  );
  expect(found.packages).toHaveLength(2);
  expect(found.packages.map(({ category }) => category)).toEqual(["audio", "audio"]);
  expect(found.size).toBe(287);
  expect((await home.run("search", "zzqqxx")).out).toBe("Nothing found\n");
  expect((await home.run("search", "comfyui", "--category", "audio")).out).toMatch(/^Nothing meets these filters/);
  expect((await home.run("search", "--category", "games")).code).toBe(2);

  const info = await home.run("info", "kittentts");
  expect(info.out.split("\n").slice(0, 2)).toEqual([
    "WARNING: Unofficial copy; its README links all lead to an unexplained zip file. Use kittentts-pinokio instead.",
    "KittenTTS (unofficial copy)",
  ]);
  expect(info.out).toContain(
    "On this machine: will not run here\n  its scripts do not come through on Linux: will not run here",
  );
  expect(await home.run("info", "comfyuii", "--json")).toMatchObject({
    code: 1,
    json: { error: { code: "package-missing", hint: expect.stringContaining("comfyui") } },
  });

  const apps = join(home.path, "..", "own-apps");
  mkdirSync(join(apps, "mine"), { recursive: true });
  writeFileSync(join(apps, "mine", "pinokio.js"), 'module.exports = { title: "\\u001b[31mMine" }');
  const list = [{ id: "one", name: "One \u001b[31mred", repo: "https://example.org/o/one" }, { id: "bad" }];
  await using server = await fileServer((_, response) => {
    response.end(JSON.stringify({ version: 1, generated: "2026-01-02", apps: list }));
  });
  const folder = await json<{ id: string }>("catalog", "add", apps);
  const index = await home.run("catalog", "add", `${server.url}/index.json`);
  expect(index.out).toMatch(/^\S+ +index +1 package +\d{4}-\d\d-\d\d/);
  expect(index.out).toContain('1 entry was left out: "bad": name');
  expect((await home.run("search", "one red")).out).toMatch(/One +\[31mred/);
  expect((await home.run("search", "--source", folder.id)).out).toMatch(/\/mine /);
  const sources = await json<{ id: string }[]>("catalog", "list");
  expect(sources.map(({ id }) => id).slice(0, 3)).toEqual(["examples", "built-in", folder.id]);
  expect((await home.run("install", `${folder.id}/mine`, "--yes")).out).toMatch(/^Installed mine/m);
  const gone = await home.run("install", `${sources[3]?.id ?? ""}/gone`, "--yes");
  expect(gone.err).toMatch(/^error: The catalog has no package called "\S+\/gone"/m); // and GitHub is not asked for it
  await server[Symbol.asyncDispose]();
  const refreshed = await home.run("catalog", "refresh");
  expect(refreshed.code).toBe(1);
  expect(refreshed.out).toMatch(/could not be fetched: .* did not answer/);
  expect(await home.run("catalog", "add", "what is this", "--json")).toMatchObject({
    code: 1,
    json: { error: { code: "source-unsupported" } },
  });

  const client = await connectTo(home);
  const before = client.state?.catalogRound ?? 0;
  expect((await home.run("catalog", "remove", folder.id)).out).toBe(`Removed ${folder.id}\n`);
  await until(
    () => client.state?.catalogRound ?? 0,
    (round) => round > before,
  );
  client.close();
  expect((await home.run("catalog", "remove", "built-in")).code).toBe(1);
});

test("what was installed from it is known, and what a check of it says", async () => {
  await using home = testHome();
  expect((await home.run("install", "hello-server", "--yes")).code).toBe(0);
  const { json } = await home.run("info", "hello-server", "--json");
  expect(json).toMatchObject({ installed: "hello-server", fit: { verdict: "fits" } });
  const { out } = await home.run("info", "hello-server");
  expect(out).toContain("a check of its scripts found nothing against it: fits");
  expect(out).toContain("was installed here before: fits");
  expect((await home.run("search", "--installed")).out).toMatch(/^hello-server +installed +utility +Hello Server\n$/);
});
