import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import type { SidecarEvent } from "../../../src/runtime/protocol/events.js";
import { connectTo } from "../../helpers/connect-to.js";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";

interface Watching extends Disposable {
  client: SidecarClient;
  events: SidecarEvent[];
}

/** Somebody who looks, as a view does. */
async function watch(home: TestHome): Promise<Watching> {
  const client = await connectTo(home);
  const events: SidecarEvent[] = [];
  client.onEvent((event) => void events.push(event));
  return { client, events, [Symbol.dispose]: () => client.close() };
}

function put(home: TestHome, script: object): string {
  mkdirSync(join(home.path, "api/a"), { recursive: true });
  writeFileSync(join(home.path, "api/a/main.json"), JSON.stringify(script));
  return join(home.path, "api/a/main.json");
}

const log = (raw: string, more: object = {}) => ({ method: "log", params: { raw }, ...more });
const ask = { method: "input", params: { form: [{ key: "name" }] } };

test("steps are told with what they do, why they were skipped and how they ended, while the script runs and after", async () => {
  await using home = testHome();
  const script = put(home, {
    run: [
      log("first"),
      log("never", { when: "{{platform === 'win32'}}" }),
      { method: "fs.read", params: { path: "none.txt" }, on_error: "continue" },
      ask,
      { method: "fs.read", params: { path: "none.txt" } },
      log("too late"),
    ],
  });
  expect((await home.run("script", "run", script)).code).toBe(3);
  using watching = await watch(home);
  const { client } = watching;
  const runId = client.state!.runs[0]!.id;
  const before = (await client.request("runs.steps", { runId }))!;
  expect(before.steps).toMatchObject([
    { method: "log", what: "raw: first", state: "done" },
    { method: "log", state: "skipped", why: "{{platform === 'win32'}}" },
    { method: "fs.read", state: "failed", why: expect.stringMatching(/none\.txt/) as unknown },
    { method: "input", state: "running", endedAt: null },
  ]);
  expect(before).toMatchObject({ count: 4, total: 6 });
  const nothing = await client.request("runs.steps", { runId, after: before.version });
  expect(nothing?.steps).toEqual([]);

  await client.request("runs.answer", { runId, question: `${runId}-1`, value: { name: "x" } });
  await until(
    () => client.state!.runs[0]!.state,
    (state) => state === "ended",
  );
  const after = (await client.request("runs.steps", { runId, after: before.version }))!;
  expect(after.steps.slice(-2)).toMatchObject([
    { method: "input", state: "done" },
    { method: "fs.read", state: "failed" },
  ]);
});

test("a loop of thousands of steps is told in few, small events, and only its latest steps are kept", async () => {
  await using home = testHome();
  const script = put(home, {
    run: [
      { method: "local.set", params: { n: "{{(local.n || 0) + 1}}" } },
      { method: "jump", params: { index: 0 }, when: "{{local.n < 3000}}" },
      ask,
    ],
  });
  using watching = await watch(home);
  const { client, events } = watching;
  const { run } = await client.request("runs.start", { script, consent: true });
  await until(
    () => client.state!.runs[0]?.questions?.length,
    (open) => open === 1,
    60_000,
  );
  const known = (await client.request("runs.steps", { runId: run.id }))!;
  expect(known.count).toBeGreaterThan(5_999);
  expect(known.steps).toHaveLength(200);
  expect(known.steps.at(-1)).toMatchObject({ method: "input", state: "running" });
  const seconds = (Date.now() - Date.parse(run.startedAt)) / 1000;
  expect(events.length).toBeLessThan(20 + 6 * seconds);
});

test("two people are asked, the second answer is refused, and both see that nothing is asked any more", async () => {
  await using home = testHome();
  const script = put(home, { daemon: true, run: [ask] });
  using first = await watch(home);
  using second = await watch(home);
  const { run } = await first.client.request("runs.start", { script, consent: true });
  const asked = () => second.client.state!.runs[0]?.questions?.[0]?.id;
  const question = (await until(asked, (id) => id !== undefined))!;
  const send = (client: SidecarClient) => client.request("runs.answer", { runId: run.id, question, value: {} });
  await send(first.client);
  for (const { client } of [first, second]) {
    await until(
      () => client.state!.runs[0]!.questions,
      (open) => open?.length === 0,
    );
  }
  await expect(send(second.client)).rejects.toThrow("Somebody else has answered this already");
});

test("what a script shows is there for who comes later; a lasting notice outlives the sidecar until it is put away", async () => {
  await using home = testHome();
  const script = put(home, {
    run: [
      { method: "loading.start", params: { message: "Downloading" } },
      { method: "htmlmodal.open", params: { id: "w", title: "Look", html: "one" } },
      { method: "htmlmodal.update", params: { id: "w", html: "two" } },
      { method: "notify", params: { html: "<b>New</b> model", persistent: true, href: "https://example.org/x" } },
      { method: "notify", params: { html: "for the moment" } },
      ask,
    ],
  });
  expect((await home.run("script", "run", script)).code).toBe(3);
  {
    using watching = await watch(home);
    const { state } = watching.client;
    const windows = [{ id: "w", params: { id: "w", title: "Look", html: "two" } }];
    expect(state?.runs[0]?.shown).toEqual({ loading: "Downloading", windows });
    expect(state?.notices).toMatchObject([{ message: "New model", from: "a", href: "https://example.org/x" }]);
  }
  await home.run("down");
  {
    using watching = await watch(home);
    const { client } = watching;
    expect(client.state?.notices).toMatchObject([{ message: "New model" }]);
    expect(client.state?.runs[0]?.shown?.loading).toBeNull();
    await client.request("notices.dismiss", { id: client.state!.notices[0]!.id });
  }
  await home.run("down");
  using watching = await watch(home);
  expect(watching.client.state?.notices).toEqual([]);
});

test("steps with notify and an author's own code are heard as methods are", async () => {
  await using home = testHome();
  const script = put(home, {
    run: [
      log("one", { notify: true }),
      log("two", { notify: { html: "<i>Two</i> is done", type: "success" } }),
      { uri: "own.js", method: "say" },
    ],
  });
  const own = `module.exports = { say: (req, ondata) => ondata({ html: "From code" }, "notify") };`;
  writeFileSync(join(home.path, "api/a/own.js"), own);
  using watching = await watch(home);
  const { run } = await watching.client.request("runs.start", { script, consent: true });
  const told = () => watching.events.flatMap((event) => (event.type === "run-told" ? [event] : []));
  await until(told, (heard) => heard.length === 3);
  expect(told().map(({ runId, kind, params }) => [runId, kind, params])).toEqual([
    [run.id, "notify", { html: "Step 1 is over" }],
    [run.id, "notify", { html: "<i>Two</i> is done", type: "success" }],
    [run.id, "notify", { html: "From code" }],
  ]);
  expect((await home.run("logs", "a")).out).toMatch(/Step 1 is over[^]*Two is done[^]*From code/);
});

test("folders are listed by name for who chooses a file", async () => {
  await using home = testHome();
  put(home, { run: [ask] });
  using watching = await watch(home);
  const { client } = watching;
  const folder = await client.request("files.list", { path: join(home.path, "api/a/none/deeper") });
  expect(folder.path).toBe(join(home.path, "api/a"));
  expect(folder.entries).toContainEqual({ name: "main.json", kind: "file" });
  expect(folder.places.map(({ path }) => path)).toContain(home.path);
  const folders = await client.request("files.list", { path: join(home.path, "api"), endings: [] });
  expect(folders.entries).toEqual([{ name: "a", kind: "folder" }]);
});
