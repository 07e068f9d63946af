import { expect, test } from "@jest/globals";
import { createJobs, isCancelled, type JobContext, type Jobs } from "../../../src/runtime/library/jobs.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { appIdOf, JobId } from "../../../src/runtime/protocol/ids.js";
import type { Job } from "../../../src/runtime/protocol/jobs.js";

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Starts a job that goes on until it is let go. */
function begin(jobs: Jobs, name: string, appId = appIdOf(name)) {
  let let_: (error?: Error) => void = () => undefined;
  let context: JobContext | null = null;
  const job = jobs.start({
    kind: "install",
    appId,
    title: `Install ${name}`,
    work: (given) => {
      context = given;
      return new Promise((resolve, reject) => {
        let_ = (error) => (error === undefined ? resolve() : reject(error));
        given.signal.addEventListener("abort", () => reject(new Error("aborted")));
      });
    },
  });
  return { id: job.id, end: (error?: Error) => let_(error), context: () => context };
}

test("two work at a time, the others in the order they came", async () => {
  const jobs = createJobs();
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => begin(jobs, name));
  const states = () => jobs.all.map(({ state }) => state);
  expect(states()).toEqual(["working", "working", "waiting", "waiting"]);
  b!.end();
  await jobs.done(b!.id);
  expect(states()).toEqual(["working", "done", "working", "waiting"]);
  await jobs.cancel(c!.id);
  expect(states()).toEqual(["working", "done", "cancelled", "working"]);
  a!.end();
  d!.end();
  expect((await jobs.done(d!.id)).state).toBe("done");
});

test("an app has one job at a time", async () => {
  const jobs = createJobs();
  const first = begin(jobs, "a");
  expect(() => begin(jobs, "a")).toThrow(expect.objectContaining({ code: "app-busy" }));
  expect(jobs.of(appIdOf("a"))?.id).toBe(first.id);
  first.end();
  await jobs.done(first.id);
  expect(jobs.of(appIdOf("a"))).toBeNull();
  expect(() => begin(jobs, "a")).not.toThrow();
});

test("a job that fails says why, and one that is cancelled was cancelled", async () => {
  const jobs = createJobs();
  const [a, b] = [begin(jobs, "a"), begin(jobs, "b")];
  a.end(new PinokioError("out-of-space", "The disk is full", { hint: "Free some" }));
  expect(await jobs.done(a.id)).toMatchObject({
    state: "failed",
    error: { code: "out-of-space", message: "The disk is full", hint: "Free some" },
  });
  expect(await jobs.cancel(b.id)).toMatchObject({ state: "cancelled", error: null, canCancel: false });
  expect(isCancelled(b.context()!.signal)).toBe(true);
});

test("what is part of a piece of work is cancelled with it, and not by the end of the sidecar", async () => {
  const jobs = createJobs();
  const whole = begin(jobs, "whole");
  const { signal: within } = whole.context()!;
  let part: AbortSignal | null = null;
  const work = ({ signal }: JobContext) => {
    part = signal;
    return new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
  };
  const order = { kind: "install", appId: null, title: "Install part", within, work };
  const [atWork, waiting] = [jobs.start(order), jobs.start(order)];
  await jobs.cancel(whole.id);
  expect((await jobs.done(atWork.id)).state).toBe("cancelled");
  expect(isCancelled(part!)).toBe(true);
  expect(jobs.get(waiting.id).state).toBe("cancelled");
  expect(() => jobs.start(order)).toThrow("aborted");
  const left = begin(jobs, "left");
  const last = jobs.start({ ...order, within: left.context()!.signal });
  await jobs.close();
  expect(jobs.get(last.id).state).toBe("failed");
});

test("what must not be ended goes on", async () => {
  const jobs = createJobs();
  const a = begin(jobs, "a");
  a.context()!.tell({ canCancel: false, phase: "move" });
  await expect(jobs.cancel(a.id)).rejects.toMatchObject({ code: "app-busy" });
  expect(jobs.get(a.id)).toMatchObject({ state: "working", phase: "move" });
});

test("a job that waits for a person lets the next one begin", async () => {
  const jobs = createJobs();
  const [a, , c] = ["a", "b", "c"].map((name) => begin(jobs, name));
  let answer: () => void = () => undefined;
  const waiting = a!.context()!.aside(new Promise<void>((resolve) => (answer = resolve)));
  expect(jobs.get(c!.id).state).toBe("working");
  answer();
  await waiting;
  expect(jobs.get(a!.id).state).toBe("working");
});

test("listeners hear of each phase at once, of progress less often, and of the last of it", async () => {
  const jobs = createJobs();
  const heard: Job[] = [];
  jobs.onChanged((job) => heard.push(job));
  const a = begin(jobs, "a");
  a.context()!.tell({ phase: "fetch" });
  expect(heard.at(-1)).toMatchObject({ phase: "fetch" });
  for (let done = 1; done <= 1_000; done++) a.context()!.tell({ progress: { done, total: 1_000, unit: "files" } });
  a.end();
  await jobs.done(a.id);
  expect(heard.length).toBeLessThan(20);
  expect(heard.at(-1)).toMatchObject({ state: "done", progress: { done: 1_000 } });
});

test("of those that are over the latest are kept", async () => {
  const jobs = createJobs();
  const removed: JobId[] = [];
  jobs.onRemoved((id) => removed.push(id));
  const ids: JobId[] = [];
  for (let index = 0; index < 23; index++) {
    const one = begin(jobs, `app${index}`);
    ids.push(one.id);
    one.end();
    await jobs.done(one.id);
  }
  expect(jobs.all).toHaveLength(20);
  expect(removed).toEqual(ids.slice(0, 3));
  expect(() => jobs.get(ids[0]!)).toThrow(expect.objectContaining({ code: "job-missing" }));
});

test("the sidecar's end is no cancelling, and nothing begins after it", async () => {
  const jobs = createJobs();
  const [a, , c] = ["a", "b", "c"].map((name) => begin(jobs, name));
  const closed = jobs.close();
  expect(isCancelled(a!.context()!.signal)).toBe(false);
  await closed;
  expect(a!.context()!.signal.aborted).toBe(true);
  expect(jobs.get(a!.id)).toMatchObject({ state: "failed", error: { code: "internal" } });
  expect(jobs.get(c!.id).state).toBe("cancelled");
  await settle();
  expect(c!.context()).toBeNull();
  expect(() => begin(jobs, "d")).toThrow(expect.objectContaining({ code: "sidecar-ending" }));
});

test("waiting for a job ends with it or with the time that was given", async () => {
  const jobs = createJobs();
  const a = begin(jobs, "a");
  expect((await jobs.wait(a.id, 1)).state).toBe("working");
  const waiting = jobs.wait(a.id, 60_000);
  a.end();
  expect((await waiting).state).toBe("done");
  expect((await jobs.wait(a.id, 60_000)).state).toBe("done");
  await expect(jobs.wait(JobId.parse("job_000000000000"), 1)).rejects.toMatchObject({ code: "job-missing" });
});
