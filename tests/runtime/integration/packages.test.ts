import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "@jest/globals";
import { connectTo } from "../../helpers/connect-to.js";
import { testHome, until } from "../../helpers/command-line.js";
import { makeWheel } from "../../helpers/environments.js";
import { gitServer } from "../../helpers/git-server.js";

const OWN_TOOLS = new URL("../../../.venv/bin", import.meta.url).pathname;
/** uv is wherever the developer has it, at last in our own tools. */
const PATH = [process.env["PATH"], OWN_TOOLS].join(delimiter);
const MODEL = Buffer.alloc(50_000, 3);

test("packages of an index: a library, a model and a plugin are installed, used and removed", async () => {
  await using server = await gitServer();
  await using home = testHome();
  const at = (...parts: string[]) => join(home.path, ...parts);
  const wheels = at("..", "wheels");
  mkdirSync(wheels);
  makeWheel(wheels, "greeting==1.0");
  const run = (...args: string[]) => home.runWith({ PATH, UV_FIND_LINKS: wheels, UV_OFFLINE: "1" }, ...args);
  const plugin = server.make("agent", {
    "pinokio.js": `module.exports = { title: "Agent", path: "plugin", run: [
      { method: "fs.write", params: { path: "{{args.cwd}}/did.txt", text: "{{args.prompt}}" } },
    ] }`,
  });
  const painter = server.make("painter", {
    "pinokio.js": "module.exports = { title: 'Painter' }",
    "install.json": JSON.stringify({ run: [{ method: "shell.run", params: { message: "echo painter is made" } }] }),
  });
  const fan = server.make("fan", { "pinokio.js": 'module.exports = { title: "Fan", path: "plugin", run: [] }' });
  server.intercept = ({ url }, response) => {
    if (url === "/m.bin") response.end(MODEL);
    else if (url === "/index.json") response.end(JSON.stringify(index(server.url, plugin.url, painter.url, fan.url)));
    return response.writableEnded;
  };

  const added = (await run("catalog", "add", `${server.url}/index.json`, "--json")).json as { id: string };
  const id = (name: string) => `${added.id}/${name}`;

  expect((await run("env", "use", "tools", "--make")).out).toMatch(/go to envs\/tools/);
  const library = await run("package", "install", id("greet"), "--yes");
  expect([library.code, library.err]).toEqual([0, expect.stringContaining("goes to envs/tools")]);
  const listed = JSON.parse((await run("package", "list", "--json")).out) as { id: string; place: string }[];
  expect(listed.map((one) => [one.id, one.place])).toEqual([
    [id("model"), "drive/loras"],
    [id("greet"), "envs/tools"],
  ]);
  expect(readFileSync(at("drive/loras/m.bin"))).toEqual(MODEL);
  expect((await run("env", "show", "tools")).out).toMatch(/Holds +.*greet[\s\S]*greeting +1\.0/);

  expect((await run("package", "remove", id("model"), "--yes")).err).toMatch(/model is needed by .*greet/i);

  expect((await run("package", "install", id("agent"), "--yes")).code).toBe(0);
  expect((await run("package", "list")).out).toMatch(/agent +plugin +[0-9a-f]{10} +plugin\/agent/);
  expect((await run("package", "start", id("agent"), "--prompt", "Make a page")).code).toBe(0);
  const did = at("workspaces", "agent", "did.txt");
  await until(() => existsSync(did), Boolean);
  expect(readFileSync(did, "utf8")).toBe("Make a page");

  for (const name of ["agent", "greet", "model"]) {
    expect([name, (await run("package", "remove", id(name), "--yes")).code]).toEqual([name, 0]);
  }
  expect((await run("package", "list")).out).toBe("Nothing installed yet\n");

  // An app's needs come first; who needs what is said before it goes.
  const asked = await run("install", id("painter"));
  expect([asked.code, asked.err]).toEqual([1, expect.stringContaining("Nobody has agreed")]);
  expect((await run("package", "list")).out).toBe("Nothing installed yet\n");
  const installed = await run("install", id("painter"), "--yes");
  expect([installed.code, installed.out]).toEqual([0, expect.stringContaining("painter is made")]);
  expect(installed.err).toMatch(/Painter needs what is not here yet:\nModel \(model\) goes to drive\/loras, 49 KB/);
  expect((await run("package", "remove", id("model"), "--yes")).err).toMatch(/model is needed by painter/i);
  expect((await run("package", "install", id("fan"), "--yes")).code).toBe(0);
  const look = (await run("uninstall", "painter", "--look")).out;
  const stays = `Model (model) came with it, nothing else needs it, and it stays. Remove it with: pinokiocloud package remove ${id("model")}\n`;
  for (const text of [`Needed by ${id("fan")}\n`, stays]) expect(look).toContain(text);
  expect((await run("package", "remove", id("fan"), "--yes")).code).toBe(0);
  expect(await run("uninstall", "painter", "--yes")).toMatchObject({ code: 0, out: expect.stringContaining(stays) });
  expect((await run("package", "remove", id("model"), "--yes")).code).toBe(0);

  // As a view does it: all of it at once, the app included.
  const { request, close } = await connectTo(home);
  const { fingerprint } = await request("apps.inspect", { source: painter.url });
  const all = { id: id("painter"), unattended: false };
  await expect(request("packages.install", all)).rejects.toMatchObject({ code: "agreement-needed" });
  const { job } = await request("packages.install", { ...all, agreed: { [id("painter")]: fingerprint } });
  const over = await until(
    () => request("jobs.wait", { jobId: job.id, waitMs: 20_000 }),
    ({ endedAt }) => endedAt !== null,
  );
  expect(over).toMatchObject({ state: "done", step: { at: 2, of: 2 } });
  expect((await request("packages.list", {})).map((one) => [one.id, one.neededBy])).toEqual([
    [id("painter"), []],
    [id("model"), ["painter"]],
  ]);
  expect(await request("apps.list", {})).toMatchObject([{ id: "painter", state: "installed" }]);
  close();
  expect((await run("env", "show", "tools")).out).not.toContain("greeting");
  expect((await run("trash", "list")).out).toMatch(/plugin\/agent|m\.bin/);
});

const index = (url: string, plugin: string, painter: string, fan: string) => ({
  version: 1,
  apps: [
    {
      id: "greet",
      name: "Greet",
      type: "library",
      repo: `${url}/greet.git`,
      python: ["greeting"],
      dependencies: ["model"],
    },
    {
      id: "model",
      name: "Model",
      type: "model",
      repo: `${url}/model.git`,
      models: ["loras"],
      files: [
        {
          url: `${url}/m.bin`,
          name: "m.bin",
          bytes: MODEL.length,
          sha256: createHash("sha256").update(MODEL).digest("hex"),
        },
      ],
    },
    { id: "agent", name: "Agent", type: "plugin", repo: plugin },
    { id: "fan", name: "Fan", type: "plugin", repo: fan, dependencies: ["painter"] },
    { id: "painter", name: "Painter", repo: painter, dependencies: ["model"] },
  ],
});
