import { expect, test } from "@jest/globals";
import { EventLog } from "../../../src/runtime/server/event-log.js";
import { sampleRun } from "../../helpers/samples.js";

const change = (startedAt: string) => ({ type: "run-changed" as const, run: sampleRun({ startedAt }) });

test("a client that was away gets exactly what it missed", () => {
  const events = new EventLog();
  for (const at of ["1", "2", "3"]) events.publish(change(at));
  expect(events.since({ epoch: events.epoch, seq: 1 })?.map(({ seq }) => seq)).toEqual([2, 3]);
  expect(events.since({ epoch: events.epoch, seq: 3 })).toEqual([]);
});

test("what is too long ago, of another life, or from the future needs a snapshot", () => {
  const events = new EventLog();
  for (let count = 0; count < 5_000; count++) events.publish(change(String(count)));
  expect(events.since({ epoch: events.epoch, seq: 1 })).toBeNull();
  expect(events.since({ epoch: "another", seq: 4_999 })).toBeNull();
  expect(events.since({ epoch: events.epoch, seq: 9_999 })).toBeNull();
  expect(events.since({ epoch: events.epoch, seq: 4_999 })).toHaveLength(1);
});
