import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import type { Log } from "../../../src/runtime/base/log.js";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import { type Appointment, Appointments } from "../../../src/runtime/sidecar/appointments.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const LOG: Log = { file: "", write: () => undefined };
const RUN = RunId.parse("run_000000000001");
const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

let folder: ReturnType<typeof temporaryFolder>;
let open: Appointments[];

beforeEach(() => {
  folder = temporaryFolder();
  open = [];
});

afterEach(() => {
  for (const appointments of open) appointments.close();
  folder[Symbol.dispose]();
});

const fileOf = (): string => join(folder.path, "again.json");

function make(onDue: (due: Appointment) => void = () => undefined, file: string | null = fileOf()): Appointments {
  const made = new Appointments({ file, log: LOG, onDue });
  open.push(made);
  return made;
}

const appointment = (change: Partial<Appointment> = {}): Appointment => ({
  file: "/home/api/demo/start.js",
  run: RUN,
  wasReady: true,
  tries: [],
  at: inAnHour(),
  most: 5,
  ...change,
});

test("the next sidecar knows what is to come", () => {
  make().set(appointment());
  const next = make();
  next.recall(() => true);
  expect(next.of(RUN)).toMatchObject({ most: 5, wasReady: true });
  expect(next.isWaiting).toBe(true);
});

test("what means nothing any more, or is of another start of the machine, is not taken over", () => {
  make().set(appointment());
  const unmeant = make();
  unmeant.recall(() => false);
  expect(unmeant.isWaiting).toBe(false);

  writeFileSync(fileOf(), readFileSync(fileOf(), "utf8").replace(/"boot": ?"/, "$&another "));
  const rebooted = make();
  rebooted.recall(() => true);
  expect(rebooted.of(RUN)).toBeNull();
});

test("what is due is told once, and what was let be is not", async () => {
  let resolve: (due: Appointment) => void = () => undefined;
  const promise = new Promise<Appointment>((settle) => (resolve = settle));
  const told: string[] = [];
  const appointments = make((due) => {
    told.push(due.file);
    if (due.file === "/last") resolve(due);
  });
  const soon = (ms: number): string => new Date(Date.now() + ms).toISOString();
  appointments.set(appointment({ file: "/gone", at: soon(10) }));
  appointments.set(appointment({ file: "/kept", at: soon(10) }));
  appointments.set(appointment({ file: "/last", at: soon(60) }));
  appointments.delete("/gone");
  await promise;
  expect(told).toEqual(["/kept", "/last"]);
  expect(appointments.isWaiting).toBe(false);
});

test("where nothing may be written it holds all the same", () => {
  const appointments = make(undefined, null);
  appointments.set(appointment());
  expect(appointments.of(RUN)).not.toBeNull();
});

test("after the clock was set back by a day nobody waits for a day", () => {
  jest.useFakeTimers();
  try {
    const due: Appointment[] = [];
    make((one) => void due.push(one)).set(appointment({ at: new Date(Date.now() + 86_400_000).toISOString() }));
    jest.advanceTimersByTime(15 * 60_000);
    expect(due).toHaveLength(1);
  } finally {
    jest.useRealTimers();
  }
});
