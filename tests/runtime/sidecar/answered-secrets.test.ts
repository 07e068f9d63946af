import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { AppId, RunId } from "../../../src/runtime/protocol/ids.js";
import { secretAnswers } from "../../../src/runtime/protocol/questions.js";
import { AnsweredSecrets } from "../../../src/runtime/sidecar/answered-secrets.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("a password is known to the run that asked, also after the sidecar, and to the app's other runs meanwhile", () => {
  using folder = temporaryFolder();
  const run = sampleRun();
  const other = sampleRun({ id: RunId.parse("run_000000000002") });
  const stranger = sampleRun({ id: RunId.parse("run_000000000003"), appId: AppId.parse("another") });
  for (const { id } of [run, other, stranger]) mkdirSync(join(folder.path, id));
  const secrets = new AnsweredSecrets(folder.path);
  secrets.note(run, ["open sesame"]);
  secrets.note(run, ["second"]);
  const of = (known: AnsweredSecrets, whose: typeof run): string[] => [...new Set(known.of(whose).map(String))];
  expect(of(secrets, run)).toEqual(["open sesame", "second"]);
  expect(of(secrets, other)).toEqual(["open sesame", "second"]);
  expect(of(secrets, stranger)).toEqual([]);
  const next = new AnsweredSecrets(folder.path);
  expect(of(next, run)).toEqual(["open sesame", "second"]);
  expect(of(next, other)).toEqual([]);
  expect(statSync(join(folder.path, run.id, "secrets.json")).mode & 0o777).toBe(0o600);
});

test("only password fields are secrets", () => {
  const form = [{ key: "name" }, { key: "code", type: "password" }];
  expect(secretAnswers({ form }, { name: "Ada", code: "1234" })).toEqual(["1234"]);
  expect(secretAnswers({ message: "Code?", type: "password" }, "5678")).toEqual(["5678"]);
  expect(secretAnswers({ message: "Name?", type: "text" }, "Ada")).toEqual([]);
  expect(secretAnswers({ form }, null)).toEqual([]);
});
