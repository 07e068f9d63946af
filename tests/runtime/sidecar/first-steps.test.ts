import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { SidecarEvent } from "../../../src/runtime/protocol/events.js";
import { EventLog } from "../../../src/runtime/server/event-log.js";
import { FirstMinutes } from "../../../src/runtime/sidecar/first-steps.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const POLICY = { id: "place-1", text: "Nothing public", asOf: "November 2026", href: null };

function home({ mayWrite = true } = {}) {
  const folder = temporaryFolder();
  const file = join(folder.path, "library", "first-steps.json");
  const told: SidecarEvent[] = [];
  const problems: string[] = [];
  const events = new EventLog();
  const publish = events.publish.bind(events);
  events.publish = (event) => {
    told.push(event);
    return publish(event);
  };
  return {
    file,
    told,
    problems,
    /** As a sidecar that starts. */
    open: (apps = 0) =>
      new FirstMinutes({
        file,
        mayWrite,
        policy: POLICY,
        hasApps: () => apps > 0,
        news: { events, warn: ({ message }) => (problems.push(message), () => undefined) },
      }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test("they are open in a home without apps, and over where there are some; looking writes nothing", () => {
  using empty = home();
  expect(empty.open(0).now()).toEqual({ isOver: false, policy: POLICY });
  expect(empty.open(2).now().isOver).toBe(true);
  expect(existsSync(empty.file)).toBe(false);
});

test("who has begun goes on with an app, also after another start", () => {
  using begun = home();
  begun.open(0).noteApp();
  expect(begun.open(1).now().isOver).toBe(false);
});

test("who had apps stays one who needs no first steps, also when all apps are gone", () => {
  using known = home();
  known.open(1).noteApp();
  expect(known.open(0).now().isOver).toBe(true);
});

test("that they are over and what was read stays, and everybody hears of it", () => {
  using done = home();
  const steps = done.open();
  expect(steps.change({ policyRead: "place-1" })).toEqual({ isOver: false, policy: null });
  expect(steps.change({ isOver: true })).toEqual({ isOver: true, policy: null });
  expect(done.told.at(-1)).toEqual({
    type: "first-steps-changed",
    firstSteps: { isOver: true, policy: null },
  });
  expect(done.open().now()).toEqual({ isOver: true, policy: null });
  done.open().change({ isOver: false });
  expect(done.open(3).now()).toEqual({ isOver: false, policy: null });
});

test("another policy is told although an earlier one was read", () => {
  using moved = home();
  moved.open().change({ policyRead: "place-0" });
  expect(moved.open().now().policy).toEqual(POLICY);
});

test("where nothing may be written nobody is asked to begin", () => {
  using looked = home({ mayWrite: false });
  expect(looked.open().now()).toEqual({ isOver: true, policy: POLICY });
  looked.open().noteApp();
  expect(existsSync(looked.file)).toBe(false);
  expect(() => looked.open().change({ isOver: false })).toThrow(/only be looked at/);
});

test("a record that cannot be read is told of and asks anew", () => {
  using broken = home();
  broken.open().change({ isOver: true });
  writeFileSync(broken.file, "{");
  expect(broken.open().now().isOver).toBe(false);
  expect(broken.problems).toHaveLength(1);
  broken.open().change({ isOver: true });
  expect(JSON.parse(readFileSync(broken.file, "utf8"))).toMatchObject({ version: 1, isOver: true });
});
