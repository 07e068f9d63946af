import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { KnownSecrets } from "../../../src/runtime/environments/secrets.js";
import { AppId, RunId } from "../../../src/runtime/protocol/ids.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { RunSecrets } from "../../../src/runtime/runner/run-secrets.js";
import { SecretsOfRuns } from "../../../src/runtime/sidecar/secrets-of-runs.js";
import { runPaths } from "../../../src/runtime/storage/paths.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const LONG = "correct-horse-battery-staple";
const HELLO = AppId.parse("hello");

function home() {
  const folder = temporaryFolder();
  const runs = join(folder.path, "runs");
  mkdirSync(join(folder.path, "api/hello"), { recursive: true });
  const start = (env: Record<string, string> = {}) => new SecretsOfRuns(new KnownSecrets(folder.path, env), runs);
  const environment = (text: string) => writeFileSync(join(folder.path, "api/hello/ENVIRONMENT"), text);
  const runnerOf = ({ id }: Run): RunSecrets => {
    mkdirSync(join(runs, id), { recursive: true });
    return new RunSecrets(runPaths(runs, id).secrets);
  };
  return { start, environment, runnerOf, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

const texts = (bytes: readonly Buffer[]): string[] => bytes.map(String);

test("what was secret while a run lived stays so when the variable is changed, removed, or missing in a new sidecar", () => {
  using place = home();
  const run = sampleRun();
  place.environment(`MY_TOKEN=${LONG}\n`);
  const before = place.start({ MYSVC_API_KEY: "of-the-sidecar" });
  expect(texts(before.of({ run: run.id }, [run]))).toEqual(["of-the-sidecar", LONG]);
  place.runnerOf(run).learnVariables({ MYSVC_API_KEY: "of-the-sidecar", MY_TOKEN: LONG, HOME: "/home/me-and-you" });
  place.environment("MY_TOKEN=another-one\n");
  expect(texts(place.start().of({ run: run.id }, [run]))).toEqual(["another-one", "of-the-sidecar", LONG]);
  expect(texts(place.start().of({ run: run.id }, [{ ...run, state: "ended" }]))).toContain(LONG);
});

test("what a runner learns while it lives is known at once; the list is the same one until then", () => {
  using place = home();
  const run = sampleRun();
  const secrets = place.start();
  const runner = place.runnerOf(run);
  const first = secrets.of({ run: run.id }, [run]);
  expect(secrets.of({ run: run.id }, [run])).toBe(first);
  runner.learnFrom({ message: "echo", env: { STEP_API_KEY: LONG } });
  expect(texts(secrets.of({ run: run.id }, [run]))).toEqual([LONG]);
  runner.add(["open sesame"]);
  const latest = secrets.of({ run: run.id }, [run]);
  expect(texts(latest)).toEqual([LONG, "open sesame", "open%20sesame"]);
  expect(secrets.of({ run: run.id }, [run])).toBe(latest);
});

test("runs that are asked for together know each other's, and an app those of its runs", () => {
  using place = home();
  const [one, other] = [sampleRun(), sampleRun({ id: RunId.parse("run_000000000002") })];
  place.runnerOf(one).add(["of the first"]);
  place.runnerOf(other).add(["of the second"]);
  const secrets = place.start();
  expect(texts(secrets.of({ run: one.id }, [one]))).not.toContain("of the second");
  expect(texts(secrets.of({ run: one.id }, [one, other]))).toEqual(
    expect.arrayContaining(["of the first", "of the second"]),
  );
  expect(texts(secrets.of({ app: HELLO }, [one]))).toContain("of the first");
});
