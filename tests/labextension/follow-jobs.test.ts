import { expect, test } from "@jest/globals";
import { waitFor } from "@testing-library/dom";
import { createSidecarClient } from "../../src/runtime/client/sidecar-client.js";
import { JobId } from "../../src/runtime/protocol/ids.js";
import { followJobs } from "../../src/labextension/follow-jobs.js";
import type { Notifications } from "../../src/labextension/notification-board.js";
import type { Settings } from "../../src/labextension/settings-shape.js";
import { browserTimers } from "../../src/widgets/browser-timers.js";
import { untranslated } from "../../src/widgets/view.js";
import { MemorySidecar } from "../helpers/memory-sidecar.js";
import { sampleApp, sampleJob, sampleRun } from "../helpers/samples.js";

type Options = NonNullable<Parameters<Notifications["emit"]>[2]>;

async function follow(choice: { wanted?: Settings["notifications"]; isWatched?: boolean } = {}) {
  const { wanted = "all", isWatched = false } = choice;
  const sidecar = new MemorySidecar();
  sidecar.state.apps.push(sampleApp());
  const client = createSidecarClient({
    transport: sidecar.transport,
    timers: browserTimers,
    client: { name: "test", version: "0" },
  });
  const listed = new Map<string, { message: string; type?: string | undefined } & Options>();
  const asked: object[] = [];
  let count = 0;
  followJobs({
    client,
    t: untranslated,
    notifications: {
      emit: (message, type, options = {}) => {
        listed.set(`n${++count}`, { message, type, ...options });
        return `n${count}`;
      },
      update: ({ id, message = "", ...options }) => {
        listed.set(id, { message, ...options });
        return true;
      },
      dismiss: (id) => void listed.delete(id ?? ""),
    },
    wanted: () => wanted,
    isWatched: () => isWatched,
    show: (target) => asked.push(target),
  });
  await waitFor(() => expect(client.state).not.toBeNull());
  return { sidecar, listed: () => [...listed.values()], asked, [Symbol.dispose]: () => client.close() };
}

const job = sampleJob({ title: "Install Hello", state: "working", phase: "fetch" });
test("how far an install is, is one notification; its end is another one, with a way to the log", async () => {
  using world = await follow();
  const { sidecar, listed, asked } = world;
  sidecar.emit({ type: "job-changed", job: { ...job, progress: { done: 1, total: 4, unit: "files" } } });
  await waitFor(() => expect(listed()).toMatchObject([{ message: "Install Hello: Fetching 1/4", progress: 0.25 }]));
  const run = sampleRun();
  sidecar.emit({ type: "job-changed", job: { ...job, phase: "script", step: { at: 3, of: 4 }, runId: run.id } });
  await waitFor(() => expect(listed()).toMatchObject([{ message: "Install Hello: Running its script 3/4" }]));
  sidecar.emit({ type: "job-changed", job: { ...job, state: "done", runId: run.id } });
  await waitFor(() => expect(listed()).toMatchObject([{ message: "Install Hello: done", type: "success" }]));
  const [action] = listed()[0]?.actions ?? [];
  expect(action?.label).toBe("Show log");
  action?.callback(new MouseEvent("click"));
  expect(asked).toEqual([{ app: "hello", run: run.id, part: "output" }]);
});

test("a failure stays until it is put away, and a script of a job is not told twice", async () => {
  using world = await follow({ wanted: "important" });
  const { sidecar, listed } = world;
  const run = sampleRun({
    state: "ended",
    end: { outcome: "failed", at: "2026-01-01T00:00:01.000Z", error: null, exitCode: 1 } as never,
  });
  sidecar.emit({ type: "job-changed", job: { ...job, runId: run.id } });
  sidecar.emit({ type: "run-changed", run });
  const error = { code: "step-failed", message: "Step 2 failed" } as const;
  sidecar.emit({ type: "job-changed", job: { ...job, state: "failed", runId: run.id, error } });
  await waitFor(() =>
    expect(listed()).toMatchObject([{ message: "Install Hello: Step 2 failed", type: "error", autoClose: false }]),
  );
});

test("what a view on the screen tells does not pop up", async () => {
  using world = await follow({ isWatched: true });
  world.sidecar.emit({ type: "job-changed", job });
  await waitFor(() => expect(world.listed()).toMatchObject([{ autoClose: 0 }]));
});

test("who wants nothing hears nothing", async () => {
  using world = await follow({ wanted: "none" });
  const { sidecar, listed } = world;
  sidecar.emit({ type: "job-changed", job });
  sidecar.emit({ type: "job-changed", job: { ...job, id: JobId.parse("job_000000000009"), state: "failed" } });
  await new Promise((done) => setTimeout(done, 50));
  expect(listed()).toEqual([]);
});
