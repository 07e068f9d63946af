import { expect, test } from "@jest/globals";
import type { Question } from "../../../src/runtime/protocol/runs.js";
import { Questions } from "../../../src/runtime/runner/questions.js";
import { SidecarRequests } from "../../../src/runtime/runner/sidecar-requests.js";

/** A run that asks, with the answers that were given beforehand. */
function asker(given: unknown[] = [], printed = () => Promise.resolve()) {
  const stop = new AbortController();
  const requests = new SidecarRequests(stop.signal);
  requests.send = (id, name) => {
    const value = name === "answer" && given.length > 0 ? { found: true, value: given.shift() } : { found: false };
    queueMicrotask(() => requests.settle({ t: "reply", id, value }));
  };
  const told: Question[][] = [];
  const questions = new Questions({
    runId: "run_1",
    requests,
    signal: stop.signal,
    printed,
    onChanged: (open) => void told.push(open),
  });
  return { questions, told, stop };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("an answer that was given beforehand is taken, and nobody is asked", async () => {
  const { questions, told } = asker([{ a: 1 }]);
  expect(await questions.ask("input", {})).toEqual({ a: 1 });
  expect(told).toEqual([]);
});

test("open questions are told with every change, oldest first, each answered by its id", async () => {
  const { questions, told } = asker();
  const first = questions.ask("input", { form: [{ key: "k" }], broken: () => 1 });
  const second = questions.ask("modal", null);
  await settle();
  const [one, two] = told.at(-1)!;
  expect([one, two]).toMatchObject([
    { kind: "input", params: { form: [{ key: "k" }] } },
    { kind: "modal", params: null },
  ]);
  questions.answer("none", "nobody's");
  questions.answer(two!.id, "closed");
  expect(await second).toBe("closed");
  expect(told.at(-1)!.map(({ id }) => id)).toEqual([one!.id]);
  questions.answer(one!.id, undefined);
  expect(await first).toBeUndefined();
  expect(told.at(-1)).toEqual([]);
});

test("nothing is asked before what was printed can be read", async () => {
  let allPrinted = () => {};
  const { questions, told } = asker([], () => new Promise((resolve) => (allPrinted = resolve)));
  const answer = questions.ask("input", {});
  await settle();
  expect(told).toEqual([]);
  allPrinted();
  await settle();
  questions.answer(told.at(-1)![0]!.id, "yes");
  expect(await answer).toBe("yes");
});

test("a stop ends the waiting with its reason, also before anybody was asked", async () => {
  const { questions, told, stop } = asker();
  const waiting = questions.ask("input", {});
  await settle();
  stop.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow("stopped");
  expect(told.at(-1)).toEqual([]);
  await expect(questions.ask("input", {})).rejects.toThrow("stopped");
});
