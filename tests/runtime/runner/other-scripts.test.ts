import { expect, test } from "@jest/globals";
import { PinokioError, toWireError } from "../../../src/runtime/protocol/errors.js";
import type { SharedScript } from "../../../src/runtime/protocol/shared.js";
import { KnownScripts, otherScripts } from "../../../src/runtime/runner/other-scripts.js";
import { SidecarRequests } from "../../../src/runtime/runner/sidecar-requests.js";

const script = (change: Partial<SharedScript> = {}): SharedScript => ({
  running: true,
  ready: false,
  local: {},
  global: {},
  ...change,
});

/** A sidecar that answers as it is told. */
function asked(replies: Record<string, unknown>, known: Record<string, SharedScript> = {}) {
  const stop = new AbortController();
  const requests = new SidecarRequests(stop.signal);
  const sent: [string, unknown][] = [];
  requests.send = (id, name, params) => {
    sent.push([name, params]);
    queueMicrotask(() => requests.settle({ t: "reply", id, value: replies[name] }));
  };
  return { sent, stop, requests, scripts: otherScripts(new KnownScripts(known), requests) };
}

test("what is known of scripts is learned piece by piece, or anew", () => {
  const known = new KnownScripts({ "/a": script({ runId: "run_a" }), "/b": script() });
  known.learn({ whole: false, scripts: { "/b": script({ ready: true }), "/c": script() } });
  expect(known.files).toEqual(["/a", "/b", "/c"]);
  expect(known.find("/b")).toMatchObject({ ready: true });
  expect(known.fileOf("run_a")).toBe("/a");
  known.learn({ whole: true, scripts: { "/c": script() } });
  expect([known.find("/a"), known.fileOf("run_a"), known.find("constructor")]).toEqual([null, null, null]);
});

test("a script is started under an id of ours and waited for; it gets plain data only", async () => {
  const { sent, scripts } = asked({ start: { already: false }, wait: { outcome: "ready", error: null, value: 5 } });
  const order = { action: "update", env: { A: 1, f: () => 1 } };
  expect(await scripts.start("/a.json", { words: "hi", code: () => 1 }, order)).toEqual({ kind: "done", value: 5 });
  const [[first, start], [second, wait]] = sent as [[string, { runId: string }], [string, { runId: string }]];
  expect([first, second]).toEqual(["start", "wait"]);
  expect(start).toMatchObject({ file: "/a.json", action: "update", input: { words: "hi" }, env: { A: 1 } });
  expect(wait).toEqual({ runId: start.runId });
});

test.each([
  ["that runs already", { start: { already: true } }, { kind: "already" }],
  ["that was stopped", { wait: { outcome: "stopped", error: null } }, { kind: "stopped" }],
  ["that is gone without a word", { wait: { outcome: "crashed", error: null } }, { kind: "stopped" }],
])("of one %s that is told", async (_, replies, told) => {
  const { scripts } = asked({ start: { already: false }, ...replies });
  expect(await scripts.start("/a.json", undefined)).toEqual(told);
});

test("of one that failed the error is told, and whether any of its steps had begun", async () => {
  const failed = (context?: Record<string, string>) => {
    const error = toWireError(new PinokioError("step-failed", "no", { context }));
    return asked({ start: { already: false }, wait: { outcome: "failed", error } }).scripts.start("/a.json", null);
  };
  expect(await failed({ step: "0" })).toMatchObject({ kind: "failed", hadBegun: true, error: { message: "no" } });
  expect(await failed()).toMatchObject({ kind: "failed", hadBegun: false });
});

test("one that is left alone is not waited for", async () => {
  const { sent, scripts } = asked({ start: { already: false } });
  const begun = await scripts.start("/a.json", undefined, { isLeftAlone: true });
  expect(begun).toEqual({ kind: "begun", id: expect.stringMatching(/^run_/) });
  expect(sent.map(([name]) => name)).toEqual(["start"]);
});

test("the others are stopped, restarted and read by the sidecar", async () => {
  const { sent, scripts } = asked({ stop: {}, restart: {}, output: { text: "last" } });
  await scripts.stop(["/a", "/b"]);
  await scripts.restart("/a", { n: 1 });
  await scripts.restart("/b", undefined);
  expect(await scripts.output("/a", 3)).toBe("last");
  expect(sent).toEqual([
    ["stop", { files: ["/a", "/b"] }],
    ["restart", { file: "/a", input: { n: 1 } }],
    ["restart", { file: "/b" }],
    ["output", { file: "/a", lines: 3 }],
  ]);
});

test("a run that is stopped waits no longer, unless it is for what is wanted at its end", async () => {
  const { stop, requests } = asked({});
  requests.send = () => undefined;
  const known = new KnownScripts();
  const given = otherScripts(known, requests).start("/a.json", undefined);
  const sent: string[] = [];
  requests.send = (id, name) => {
    sent.push(name);
    const value = name === "start" ? { already: false } : { outcome: "finished", error: null };
    queueMicrotask(() => requests.settle({ t: "reply", id, value }));
  };
  stop.abort(new Error("stopped"));
  await expect(given).rejects.toThrow("stopped");
  const last = otherScripts(known, requests, { lasting: true });
  expect(await last.start("/bye.json", undefined)).toEqual({ kind: "done", value: undefined });
  expect(sent).toEqual(["start", "wait"]);
});
