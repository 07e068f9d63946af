import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { taskPrompt } from "../../../../src/runtime/library/packages/task.js";
import { AppId } from "../../../../src/runtime/protocol/ids.js";
import { makeVenv, makeWheel, writeAt } from "../../../helpers/environments.js";
import { fileServer } from "../../../helpers/file-server.js";
import { type TestPackages, testPackages } from "../../../helpers/package-world.js";

const install = (w: TestPackages, id: string, how = {}) =>
  w.done(w.manager.install({ id, agreed: {}, despiteWarning: false, ...how }));
const remove = (w: TestPackages, id: string, despiteUse = false) => w.done(w.manager.remove({ id, despiteUse }));
const listed = async (w: TestPackages) =>
  (await w.manager.list()).map(({ id, type, place, problem }) => [id, type, place, problem]);

describe("a library", () => {
  const world = () => {
    const w = testPackages();
    for (const one of ["greeting==1.0", "greeting==1.1", "other==2.0"]) makeWheel(w.at("wheels"), one);
    return w;
  };

  test("gets an environment of its own, which goes to the trash with it", async () => {
    using w = world();
    w.add({ id: "tools/greet", type: "library", python: ["greeting<1.1"] });
    expect((await w.manager.plan("tools/greet")).steps[0]).toMatchObject({ where: "envs/greet", installed: false });
    expect((await install(w, "tools/greet")).state).toBe("done");
    expect((await w.manager.list())[0]).toMatchObject({
      version: "1.0",
      place: "envs/greet",
      problem: null,
      wanted: true,
    });
    expect(w.manager.holds("envs/greet")).toEqual(["tools/greet"]);
    expect((await remove(w, "tools/greet")).state).toBe("done");
    expect(w.trash()).toEqual(["envs/greet"]);
    expect(await listed(w)).toEqual([]);
  });

  test("goes into the active environment, and only what nobody else wants is taken out again", async () => {
    using w = world();
    makeVenv(join(w.home, "envs", "tools"), ["base==1.0"]);
    w.active = "envs/tools";
    w.add({ id: "one", type: "library", python: ["greeting<1.1", "other"] });
    w.add({ id: "two", type: "library", python: ["other"] });
    await install(w, "one");
    await install(w, "two");
    expect(await listed(w)).toEqual([
      ["one", "library", "envs/tools", null],
      ["two", "library", "envs/tools", null],
    ]);
    await remove(w, "one");
    const lib = join(w.home, "envs", "tools", "lib");
    const names = readdirSync(lib, { recursive: true }).map(String).join("\n");
    expect(names).not.toContain("greeting-");
    expect(names).toContain("other-2.0.dist-info");
    expect(names).toContain("base-1.0.dist-info");
    expect(w.trash()).toEqual([]);
  });

  test("is updated where it is, whatever is active by then", async () => {
    using w = world();
    w.add({ id: "one", type: "library", python: ["greeting<1.1"] });
    await install(w, "one");
    makeVenv(join(w.home, "envs", "tools"));
    w.active = "envs/tools";
    w.add({ id: "one", type: "library", python: ["greeting"] });
    expect((await w.done(w.manager.update("one"))).state).toBe("done");
    expect((await w.manager.list())[0]).toMatchObject({ version: "1.1", place: "envs/one" });
  });

  test("that pip cannot get fails with its words and is not written down", async () => {
    using w = world();
    w.add({ id: "one", type: "library", python: ["nowhere"] });
    expect(await install(w, "one")).toMatchObject({ state: "failed" });
    expect(await listed(w)).toEqual([]);
  });

  test("whose packages somebody took out says so, and is installed again", async () => {
    using w = world();
    w.add({ id: "one", type: "library", python: ["greeting"] });
    await install(w, "one");
    rmSync(join(w.home, "envs", "one"), { recursive: true });
    expect(await listed(w)).toEqual([["one", "library", "envs/one", "The environment envs/one is gone"]]);
    await install(w, "one");
    expect(await listed(w)).toEqual([["one", "library", "envs/one", null]]);
  });
});

describe("a model", () => {
  const bytes = Buffer.alloc(70_000, 7);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const world = async () => {
    const server = await fileServer((_, response) => void response.end(bytes));
    const w = testPackages();
    const file = { url: `${server.url}/m.bin`, name: "m.bin", sha256, bytes: bytes.length };
    w.add({ id: "big", type: "model", models: ["loras"], files: [file], version: "2" });
    return { w, server, file };
  };

  test("lies in its family's folder of the drive, and goes to the trash", async () => {
    const { w, server } = await world();
    using _ = w;
    await using __ = server;
    expect((await w.manager.plan("big")).steps[0]).toMatchObject({ where: "drive/loras", bytes: 70_000 });
    expect((await install(w, "big")).state).toBe("done");
    expect(readFileSync(join(w.home, "drive/loras/m.bin"))).toEqual(bytes);
    expect((await w.manager.list())[0]).toMatchObject({ version: "2", place: "drive/loras", problem: null });
    expect((await remove(w, "big")).state).toBe("done");
    expect(w.trash()).toEqual(["drive/loras/m.bin"]);
  });

  test("is not taken from an app that has a link to it, unless that is said", async () => {
    const { w, server } = await world();
    using _ = w;
    await using __ = server;
    await install(w, "big");
    mkdirSync(join(w.home, "api", "painter", "models"), { recursive: true });
    symlinkSync("../../../drive/loras", join(w.home, "api", "painter", "models", "loras"));
    expect(await w.manager.removal("big")).toEqual({
      goes: [{ what: "drive/loras/m.bin", bytes: 70_000 }],
      inUse: ["painter"],
      neededBy: [],
    });
    await expect(remove(w, "big")).rejects.toThrow("big is used by painter");
    expect((await remove(w, "big", true)).state).toBe("done");
  });

  test("never takes the place of a file that somebody else put there", async () => {
    const { w, server } = await world();
    using _ = w;
    await using __ = server;
    writeAt(join(w.home, "drive/loras/m.bin"), "mine");
    expect(await install(w, "big")).toMatchObject({ state: "failed", error: { code: "app-exists" } });
    expect(readFileSync(join(w.home, "drive/loras/m.bin"), "utf8")).toBe("mine");
  });

  test("of the same size but another content is not overwritten either; the same file is taken over", async () => {
    const { w, server } = await world();
    using _ = w;
    await using __ = server;
    writeAt(join(w.home, "drive/loras/m.bin"), "m".repeat(bytes.length));
    expect(await install(w, "big")).toMatchObject({ error: { code: "app-exists" } });
    expect(readFileSync(join(w.home, "drive/loras/m.bin"), "utf8")).toBe("m".repeat(bytes.length));
    writeFileSync(join(w.home, "drive/loras/m.bin"), bytes);
    expect((await install(w, "big")).state).toBe("done");
    expect((await w.manager.list())[0]).toMatchObject({ id: "big", problem: null });
  });

  test("that is newer takes the place of the old one, which goes to the trash", async () => {
    const { w, server, file } = await world();
    using _ = w;
    await using __ = server;
    w.add({ id: "big", type: "model", models: ["loras"], files: [{ ...file, sha256: null }] });
    await install(w, "big");
    writeFileSync(join(w.home, "drive/loras/m.bin"), "old");
    expect((await w.done(w.manager.update("big"))).state).toBe("done");
    expect(readFileSync(join(w.home, "drive/loras/m.bin"))).toEqual(bytes);
    const [entry = ""] = readdirSync(join(w.home, "trash"));
    expect(readFileSync(join(w.home, "trash", entry, "files/drive/loras/m.bin"), "utf8")).toBe("old");
    expect(readdirSync(join(w.home, "drive/loras"))).toEqual(["m.bin"]);
  });

  test("is not begun when there is no room for it, and fails whole when its content is another", async () => {
    const { w, server, file } = await world();
    using _ = w;
    await using __ = server;
    w.freeBytes = 60_000;
    expect(await install(w, "big")).toMatchObject({ error: { code: "out-of-space" } });
    w.freeBytes = 1024 ** 4;
    w.add({ id: "big", type: "model", models: ["loras"], files: [{ ...file, sha256: "0".repeat(64) }] });
    expect(await install(w, "big")).toMatchObject({ state: "failed" });
    expect(existsSync(join(w.home, "drive/loras/m.bin"))).toBe(false);
    expect(await listed(w)).toEqual([]);
  });

  test("says what of it is gone", async () => {
    const { w, server } = await world();
    using _ = w;
    await using __ = server;
    await install(w, "big");
    rmSync(join(w.home, "drive/loras/m.bin"));
    expect(await listed(w)).toEqual([["big", "model", "drive/loras", "drive/loras/m.bin is gone"]]);
  });
});

describe("a plugin", () => {
  const world = () => {
    const w = testPackages();
    writeAt(w.at("source", "pinokio.js"), 'module.exports = { title: "Agent", path: "plugin", run: [] }');
    w.add({ id: "agents/agent", type: "plugin", install: w.at("source") });
    return w;
  };

  test("is a folder below plugin; its commit is kept", async () => {
    using w = world();
    expect((await install(w, "agents/agent")).state).toBe("done");
    expect((await w.manager.list())[0]).toMatchObject({
      place: "plugin/agent",
      commit: expect.stringMatching(/^0123/),
    });
    await remove(w, "agents/agent");
    expect(w.trash()).toEqual(["plugin/agent"]);
  });

  test("comes as it was elsewhere: at its commit, and only since another one needs it", async () => {
    using w = world();
    writeAt(w.at("then@0123456", "pinokio.js"), 'module.exports = { title: "Agent", path: "plugin", run: [] }');
    w.add({ id: "agents/agent", type: "plugin", install: `file://${w.at("then")}` });
    await install(w, "agents/agent", { asElsewhere: { commit: "0123456", wanted: false } });
    expect(await w.manager.list()).toMatchObject([{ id: "agents/agent", wanted: false, problem: null }]);
    expect(w.manager.find("agents/agent").record?.source).toBe(`file://${w.at("then")}`);
  });

  test("that is no plugin is refused, and nothing of it stays", async () => {
    using w = world();
    rmSync(w.at("source", "pinokio.js"));
    expect(await install(w, "agents/agent")).toMatchObject({ error: { code: "app-invalid" } });
    expect(readdirSync(join(w.home, "plugin"))).toEqual([]);
  });

  test("of an update takes the place of the old one, which goes to the trash", async () => {
    using w = world();
    await install(w, "agents/agent");
    writeFileSync(join(w.home, "plugin/agent/mine.txt"), "mine");
    writeAt(w.at("source", "new.txt"), "new");
    expect((await w.done(w.manager.update("agents/agent"))).state).toBe("done");
    expect(readdirSync(join(w.home, "plugin/agent")).sort()).toEqual(["new.txt", "pinokio.js"]);
    const [entry = ""] = readdirSync(join(w.home, "trash"));
    expect(readFileSync(join(w.home, "trash", entry, "files/plugin/agent/mine.txt"), "utf8")).toBe("mine");
  });

  test("that somebody put there by hand is listed, and its folder is not taken", async () => {
    using w = world();
    writeAt(join(w.home, "plugin/agent/pinokio.js"), "module.exports = {}");
    expect(await listed(w)).toEqual([["plugin:agent", "plugin", "plugin/agent", null]]);
    expect(await install(w, "agents/agent")).toMatchObject({ error: { code: "app-exists" } });
  });
});

describe("a task", () => {
  const world = () => {
    const w = testPackages();
    writeAt(w.at("source", "task.md"), "Make a {{ colour }} page{{more}}");
    writeAt(
      w.at("source", "pinokio.json"),
      JSON.stringify({ title: "Page", path: "tasks", inputs: [{ name: "colour" }, { name: "more", required: false }] }),
    );
    w.add({ id: "page", type: "task", install: w.at("source") });
    return w;
  };

  test("gets the next number and stands in the index that Pinokio reads", async () => {
    using w = world();
    writeAt(
      join(w.home, "tasks/index.json"),
      '{"version": 1, "nextId": 3, "items": [{"id": "t3", "own": 1}], "more": 2}',
    );
    expect((await install(w, "page")).state).toBe("done");
    const index = JSON.parse(readFileSync(join(w.home, "tasks/index.json"), "utf8")) as unknown;
    expect(index).toEqual({
      version: 1,
      nextId: 5,
      items: [
        { id: "t3", own: 1 },
        { id: "t4", ref: "https://example.test/one" },
      ],
      more: 2,
    });
    await remove(w, "page");
    expect(JSON.parse(readFileSync(join(w.home, "tasks/index.json"), "utf8"))).toMatchObject({ items: [{ id: "t3" }] });
    expect(w.trash()).toEqual(["tasks/t4"]);
  });

  test("becomes a prompt once what it asks for is given", () => {
    using w = world();
    expect(() => taskPrompt(w.at("source"), {})).toThrow("Page needs colour");
    expect(taskPrompt(w.at("source"), { colour: "red" }).prompt).toBe("Make a red page");
    expect(taskPrompt(w.at("source"), { colour: "{{more}}", more: "!" }).prompt).toBe("Make a {{more}} page!");
  });

  test("that is none says why", async () => {
    using w = world();
    writeAt(w.at("source", "pinokio.json"), '{"title": "Page"}');
    expect((await install(w, "page")).error?.message).toMatch(/is no task: path/);
  });
});

describe("dependencies", () => {
  const world = () => {
    const w = testPackages();
    for (const name of ["a", "b", "c"]) writeAt(w.at(name, "pinokio.js"), "");
    const add = (name: string, dependencies: string[]) =>
      w.add({ id: name, type: "plugin", install: w.at(name), dependencies });
    return { w, add };
  };

  test("come first, once each, and are needed as long as what wants them is here", async () => {
    const { w, add } = world();
    using _ = w;
    add("a", ["b", "c"]);
    add("b", ["c"]);
    add("c", []);
    expect((await w.manager.plan("a")).steps.map(({ id }) => id)).toEqual(["c", "b", "a"]);
    await install(w, "a");
    expect((await w.manager.list()).map(({ id, wanted, neededBy }) => [id, wanted, neededBy])).toEqual([
      ["c", false, ["b", "a"]],
      ["b", false, ["a"]],
      ["a", true, []],
    ]);
    await expect(remove(w, "c")).rejects.toThrow("c is needed by b, a");
  });

  test("of an app come without it where only they are asked for, and are known to be needed by it", async () => {
    const { w, add } = world();
    using _ = w;
    add("a", []);
    add("b", ["helper"]);
    w.add({ id: "helper", type: "app", warning: "It sends what it sees to its author" });
    w.add({ id: "painter", type: "app", dependencies: ["a", "b"] });
    const { steps } = await w.manager.plan("painter");
    expect(steps.map(({ id, type, inspect, warning }) => [id, type, inspect !== null, warning])).toEqual([
      ["a", "plugin", false, null],
      ["helper", "app", true, "It sends what it sees to its author"],
      ["b", "plugin", false, null],
      ["painter", "app", true, null],
    ]);
    const only = { onlyNeeds: true, agreed: { helper: "seen helper" } };
    await expect(install(w, "painter", only)).rejects.toMatchObject({ code: "warning-unheeded" });
    const done = await install(w, "painter", { ...only, despiteWarning: true });
    expect(done).toMatchObject({ state: "done", title: "Install what painter needs", step: { at: 3, of: 3 } });
    expect([...w.apps.keys()]).toEqual(["helper"]);
    w.apps.set("painter", "painter"); // however it came here
    expect((await w.manager.list()).map(({ id, wanted, neededBy }) => [id, wanted, neededBy])).toEqual([
      ["helper", false, ["b"]],
      ["painter", true, []],
      ["a", false, ["painter"]],
      ["b", false, ["painter"]],
    ]);
    expect(await w.manager.needApp(AppId.parse("helper"))).toEqual(["b"]);
    expect(await w.manager.removal("a")).toMatchObject({ inUse: [], neededBy: ["painter"] });
    await expect(remove(w, "a")).rejects.toThrow("a is needed by painter");
    expect((await install(w, "painter", only)).state).toBe("done"); // they are here by now

    const left = async (...ids: string[]) => (await w.manager.cameWith(ids)).map(({ name }) => name);
    expect(await left("painter")).toEqual(["a", "b", "helper"]);
    await install(w, "a"); // now somebody wants it for itself
    expect(await left("painter")).toEqual(["b", "helper"]);
    w.add({ id: "other", type: "app", dependencies: ["b"] });
    w.apps.set("other", "other");
    expect(await left("painter")).toEqual([]);
    expect(await left("painter", "other")).toEqual(["b", "helper"]);
    expect(await left("painter", "other", "helper")).toEqual(["b"]); // it goes by itself
    w.apps.delete("other");
    await install(w, "helper");
    expect(await left("painter")).toEqual(["b"]);

    w.half.add("helper");
    expect((await w.manager.plan("painter")).steps.map(({ id, installed }) => (installed ? null : id))).toEqual([
      ...[null, "helper", null],
      null,
    ]);
    const half = await install(w, "painter", { ...only, despiteWarning: true });
    expect(half).toMatchObject({ state: "failed", error: { message: "helper is not installed to its end" } });
  });

  test("that go round are named", async () => {
    const { w, add } = world();
    using _ = w;
    add("a", ["b"]);
    add("b", ["c"]);
    add("c", ["b"]);
    await expect(install(w, "a")).rejects.toThrow("Packages need one another: b -> c -> b");
  });

  test("that no source has are named, and by whom they are wanted", async () => {
    const { w, add } = world();
    using _ = w;
    add("a", ["gone"]);
    await expect(install(w, "a")).rejects.toThrow("a needs gone, which no source of the catalog has");
    await expect(w.manager.plan("nothing")).rejects.toThrow("There is no package nothing");
  });

  test("that fail leave what was installed before them, and the rest undone", async () => {
    const { w, add } = world();
    using _ = w;
    add("a", ["b", "c"]);
    add("b", []);
    add("c", []);
    rmSync(w.at("c", "pinokio.js"));
    expect(await install(w, "a")).toMatchObject({
      state: "failed",
      error: { message: expect.stringContaining("c is no plugin") },
    });
    expect((await listed(w)).map(([id]) => id)).toEqual(["b"]);
  });
});

test("a package with a warning, or an app that nobody agreed to, is not begun", async () => {
  using w = testPackages();
  writeAt(w.at("a", "pinokio.js"), "");
  w.add({ id: "a", type: "plugin", install: w.at("a"), warning: "It sends what it sees to its author" });
  await expect(install(w, "a")).rejects.toMatchObject({ code: "warning-unheeded" });
  expect((await install(w, "a", { despiteWarning: true })).state).toBe("done");
  w.add({ id: "b", type: "app", dependencies: [] });
  await expect(install(w, "b")).rejects.toMatchObject({ code: "agreement-needed", context: { package: "b" } });
});

test("what is installed is known to the next sidecar, and a spoilt record is set aside", async () => {
  using w = testPackages();
  writeAt(w.at("a", "pinokio.js"), "");
  w.add({ id: "a", type: "plugin", install: w.at("a"), version: "3" });
  await install(w, "a");
  expect(JSON.parse(readFileSync(join(w.home, "library/packages.json"), "utf8"))).toMatchObject({
    version: 1,
    packages: { a: { type: "plugin", version: "3", place: "plugin/a", wanted: true } },
  });
  writeFileSync(join(w.home, "library/packages.json"), "{ no");
  expect(await listed(w)).toEqual([["a", "plugin", "plugin/a", null]]);
  expect(readdirSync(join(w.home, "library")).some((name) => name.includes("unreadable"))).toBe(true);
});
