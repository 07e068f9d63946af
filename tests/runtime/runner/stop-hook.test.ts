import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { SharedContext } from "../../../src/runtime/runner/call-method.js";
import { Modules } from "../../../src/runtime/runner/modules.js";
import { KnownScripts } from "../../../src/runtime/runner/other-scripts.js";
import { SidecarRequests } from "../../../src/runtime/runner/sidecar-requests.js";
import { runStopHook } from "../../../src/runtime/runner/stop-hook.js";
import { fakeContext } from "../../helpers/fake-context.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** Ends a run of this script and returns what was done for it. */
async function ended(script: string, { name = "start.json", limitMs = 5_000 } = {}) {
  using folder = temporaryFolder();
  const file = join(folder.path, name);
  if (script !== "") writeFileSync(file, script);
  // By then the run was asked to stop: what is done now may not mind that.
  const stopped = AbortSignal.abort(new Error("The run was asked to stop"));
  const requests = new SidecarRequests(stopped);
  const sent: [string, unknown][] = [];
  requests.send = (id, request, params) => {
    sent.push([request, params]);
    const value = request === "start" ? { already: false } : { outcome: "finished", error: null };
    queueMicrotask(() => requests.settle({ t: "reply", id, value }));
  };
  const notes: string[] = [];
  const printed: string[] = [];
  const context: SharedContext = {
    ...fakeContext({ home: folder.path, cwd: folder.path }),
    signal: stopped,
    runId: "run_1",
    modules: new Modules(),
    ask: () => Promise.reject(new Error("nobody is asked")),
    print: (_, text) => void printed.push(text),
    note: (text) => void notes.push(text),
  };
  await runStopHook(file, {
    context,
    kernel: {},
    known: new KnownScripts(),
    requests,
    by: performance.now() + limitMs,
    isProgram: undefined,
    callFromCode: (method, params) => ({
      method,
      params,
      input: undefined,
      args: {},
      step: { method, params },
      index: 0,
      total: 1,
      cwd: folder.path,
      script: { file, value: {}, warnings: [] },
    }),
  });
  return { folder: folder.path, notes, printed, sent };
}

const hook = (stop: unknown): string => JSON.stringify({ run: [], on: { stop } });

test("a method is carried out although the run was asked to stop", async () => {
  expect(await ended(hook({ method: "log", params: { text: "bye" } }))).toMatchObject({
    printed: ["bye\r\n"],
    notes: [],
  });
});

test("another script is started and waited for, with its action and input", async () => {
  const stop = { uri: "bye.json", action: "clean", input: { n: 1 }, params: { n: 2 } };
  const { folder, sent } = await ended(hook(stop));
  expect(sent.map(([name]) => name)).toEqual(["start", "wait"]);
  expect(sent[0]?.[1]).toMatchObject({ file: join(folder, "bye.json"), action: "clean", input: { n: 1 } });
  const plain = await ended(hook({ uri: "~/api/a/bye.json", params: { n: 2 } }));
  expect(plain.sent[0]?.[1]).toMatchObject({ file: join(plain.folder, "api/a/bye.json"), input: { n: 2 } });
  expect(plain.sent[0]?.[1]).not.toHaveProperty("action");
});

test("what fails is told and holds nothing up; what is not written there, or not any more, is not", async () => {
  const failing = await ended(hook({ method: "fs.copy", params: { src: 5, dest: "x" } }));
  expect(failing.notes).toEqual([expect.stringMatching(/^What was to be done on stop failed: fs\.copy cannot/)]);
  const throwing =
    "module.exports = { run: [], on: { stop: { method: 'json.get', params: 7 } } }; throw new Error('no')";
  expect((await ended(throwing, { name: "start.js" })).notes).toEqual([expect.stringContaining("no\r\n")]);
  for (const quiet of [hook(undefined), hook("words"), hook({}), ""]) {
    expect(await ended(quiet)).toMatchObject({ notes: [], printed: [], sent: [] });
  }
});

test("what does not end is left when the time for stopping is over", async () => {
  const endless = "module.exports = { run: [], on: { stop: { method: 'process.wait', params: { sec: 60 } } } }";
  const began = Date.now();
  const { notes } = await ended(endless, { name: "start.js", limitMs: 100 });
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(notes.length).toBeLessThan(2);
});
