import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { RunSecrets } from "../../../src/runtime/runner/run-secrets.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const LONG = "correct-horse-battery-staple";

test("what is secret by its name is learnt, wherever it stands in parameters, and kept for its owner only", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "secrets.json");
  const secrets = new RunSecrets(file);
  secrets.learnVariables({ MY_TOKEN: LONG, HOME: "/home/somebody", TOKEN_FILE: "/run/token" });
  secrets.learnFrom({
    env: { STEP_API_KEY: "in-a-step" },
    headers: { "X-Api-Key": "in-a-header" },
    max_tokens: "12345678",
  });
  const broken = { get token() { throw new Error("no"); } }; // prettier-ignore
  secrets.learnFrom(broken);
  secrets.learnFrom("text");
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual([LONG, "in-a-step", "in-a-header"]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(secrets.hide(`a ${LONG} in-a-step ${LONG.slice(0, 12)}`)).toBe(`a ${"*".repeat(28)} ********* correct-hors`);
  expect(secrets.hideCutOff(`a ${LONG.slice(0, 12)}`)).toBe(`a ${"*".repeat(12)}`);
  expect(secrets.hideIn({ list: [LONG, { [LONG]: 1 }] })).toEqual({ list: ["*".repeat(28), { ["*".repeat(28)]: 1 }] });
});

test("what could not be written is written with what is learnt next", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "later", "secrets.json");
  const secrets = new RunSecrets(file);
  mkdirSync(join(folder.path, "later"), { mode: 0o700 });
  secrets.add([]);
  expect(() => readFileSync(file)).toThrow();
  const blocked = join(folder.path, "blocked");
  const other = new RunSecrets(join(blocked, "x", "secrets.json"));
  other.add([LONG]);
  expect(other.hide(LONG)).toBe("*".repeat(28));
  secrets.add([LONG]);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual([LONG]);
});
