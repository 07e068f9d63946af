import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { AppSettingsFile } from "../../../src/runtime/config/app-settings.js";
import { appIdOf } from "../../../src/runtime/protocol/ids.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const DEMO = appIdOf("demo");
const OTHER = appIdOf("other");

function settingsFile(text?: string) {
  const folder = temporaryFolder();
  const file = join(folder.path, "settings.json");
  if (text !== undefined) writeFileSync(file, text);
  const problems: string[] = [];
  const settings = new AppSettingsFile({
    file,
    stopGraceMs: () => 7_000,
    onProblem: (said) => void problems.push(said),
  });
  return {
    file,
    settings,
    problems,
    text: () => readFileSync(file, "utf8"),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const asJson = (apps: object): string => JSON.stringify({ apps });

test("an app of which nothing is written is held to nothing", () => {
  using made = settingsFile();
  const nothing = { memoryBytes: null, diskBytes: null, cpu: null, nice: 0, stopGraceMs: 7_000, restartMost: null };
  expect(made.settings.of(DEMO)).toEqual(nothing);
  expect(made.settings.of(null)).toEqual(nothing);
  expect(made.problems).toEqual([]);
});

test("what is written of an app holds for that app", () => {
  using made = settingsFile(
    asJson({
      demo: { memory: "2 GB", cpu: 1.5, nice: 10, stopGraceSeconds: 20, restart: { onFailure: true } },
      other: { memory: 104_857_600, restart: { onFailure: true, most: 20 } },
      off: { restart: { onFailure: false, most: 3 } },
    }),
  );
  expect(made.settings.of(DEMO)).toEqual({
    memoryBytes: 2 * 1024 ** 3,
    diskBytes: null,
    cpu: 1.5,
    nice: 10,
    stopGraceMs: 20_000,
    restartMost: 5,
  });
  expect(made.settings.of(OTHER)).toMatchObject({ memoryBytes: 104_857_600, stopGraceMs: 7_000, restartMost: 20 });
  expect(made.settings.of(appIdOf("off")).restartMost).toBeNull();
});

test("a wrong field is told once and takes no other with it", () => {
  using made = settingsFile(asJson({ demo: { memory: "lots", memroy: 1, cpu: 2 }, other: "fast" }));
  expect(made.settings.of(DEMO)).toMatchObject({ memoryBytes: null, cpu: 2 });
  made.settings.of(OTHER);
  expect(made.problems).toEqual([
    'settings.json: apps.demo.memory cannot be used: "lots" is not a size such as 8 GB, of at least 16 MB',
    "settings.json: apps.demo.memroy is not known",
    "settings.json: apps.other is not an object",
  ]);
});

test("a change by hand holds at the next look; one that cannot be read changes nothing", () => {
  using made = settingsFile(asJson({ demo: { cpu: 1 } }));
  expect(made.settings.of(DEMO).cpu).toBe(1);
  writeFileSync(made.file, asJson({ demo: { cpu: 12 } }));
  expect(made.settings.of(DEMO).cpu).toBe(12);
  writeFileSync(made.file, '{ "apps": { "demo": { "cpu": ');
  expect(made.settings.of(DEMO).cpu).toBe(12);
  expect(made.problems).toHaveLength(1);
  expect(() => made.settings.change(DEMO, { cpu: 1 })).toThrow(/cannot be read/);
  expect(made.text()).toBe('{ "apps": { "demo": { "cpu": ');
});

test("a change keeps what else a person has written, its order and its indent", () => {
  const before = `{
    "note": "mine",
    "apps": {
        "other": { "cpu": 3 },
        "demo": { "colour": "red", "nice": 4, "cpu": 1 }
    },
    "idleMinutes": 5
}`;
  using made = settingsFile(before);
  made.settings.change(DEMO, { memory: "8 GB", nice: null });
  expect(JSON.parse(made.text())).toEqual({
    note: "mine",
    apps: { other: { cpu: 3 }, demo: { colour: "red", cpu: 1, memory: "8 GB" } },
    idleMinutes: 5,
  });
  expect(made.text()).toMatch(/^\{\n {4}"note": "mine",\n {4}"apps"/);
  expect(made.settings.written(DEMO)).toEqual({ cpu: 1, memory: "8 GB" });
  made.settings.change(DEMO, { memory: null, cpu: null });
  made.settings.change(OTHER, { cpu: null });
  expect(JSON.parse(made.text())).toEqual({ note: "mine", apps: { demo: { colour: "red" } }, idleMinutes: 5 });
});

test("the last setting takes its place with it, and the first makes the file", () => {
  using made = settingsFile();
  made.settings.change(DEMO, { nice: 3 });
  expect(JSON.parse(made.text())).toEqual({ apps: { demo: { nice: 3 } } });
  expect(made.settings.of(DEMO).nice).toBe(3);
  made.settings.change(DEMO, { nice: null });
  expect(JSON.parse(made.text())).toEqual({});
});

test("a file elsewhere that is linked to stays there, with its permissions", () => {
  using made = settingsFile();
  using elsewhere = temporaryFolder();
  const real = join(elsewhere.path, "real.json");
  writeFileSync(real, "{}");
  chmodSync(real, 0o640);
  symlinkSync(real, made.file);
  made.settings.change(DEMO, { nice: 3 });
  expect(lstatSync(made.file).isSymbolicLink()).toBe(true);
  expect(JSON.parse(readFileSync(real, "utf8"))).toEqual({ apps: { demo: { nice: 3 } } });
  expect(statSync(real).mode & 0o777).toBe(0o640);
});

test("what is decided for every app holds where an app has nothing of its own", () => {
  using made = settingsFile(
    JSON.stringify({
      everyApp: { memory: "8 GB", cpu: 2, nice: 40, restart: { onFailure: true } },
      apps: { demo: { memory: "2 GB" } },
    }),
  );
  expect(made.settings.of(DEMO)).toMatchObject({ memoryBytes: 2 * 1024 ** 3, cpu: 2, nice: 0, restartMost: null });
  expect(made.settings.of(OTHER)).toMatchObject({ memoryBytes: 8 * 1024 ** 3, cpu: 2 });
  expect(made.settings.of(null)).toMatchObject({ memoryBytes: null, cpu: null });
  expect(made.settings.everyApp).toEqual({ memory: "8 GB", cpu: 2 });
  expect(made.settings.apps).toEqual([[DEMO, { memory: "2 GB" }]]);
  expect(made.problems).toEqual([
    "settings.json: everyApp.nice cannot be used: 40 is not a whole number from 0 to 19",
    "settings.json: everyApp.restart is not known",
  ]);
});
