import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { changeSecrets, secretPaths } from "../../../src/runtime/base/secret-store.js";
import { KnownSecrets, secretValues } from "../../../src/runtime/environments/secrets.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("a variable's name says that its value is a secret; a path is none", () => {
  const variables = {
    HF_TOKEN: "a",
    OPENAI_API_KEY: "b",
    DB_PASSWORD: "c",
    HOME: "d",
    SECRET_FILE: "/e",
    KEYBOARD: "f",
  };
  expect(secretValues(variables)).toEqual(["a", "b", "c"]);
});

test("a launcher in a folder of its own keeps them there", () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, "api/app/pinokio"), { recursive: true });
  writeFileSync(join(folder.path, "api/app/pinokio/ENVIRONMENT"), "SERVICE_KEY=asked for\n");
  expect(new KnownSecrets(folder.path, {}).of("app").flat()).toEqual(["asked for"]);
});

test("files of the home and of the app are read, and again when they change", () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, "api/app"), { recursive: true });
  const secrets = new KnownSecrets(folder.path, { MY_SECRET: "mine" });
  const of = (app: string | null): string[] => secrets.of(app).flat();
  expect(of("app")).toEqual(["mine"]);
  writeFileSync(join(folder.path, "ENVIRONMENT"), "HF_TOKEN=home\nHF_HOME=./cache\n");
  writeFileSync(join(folder.path, "api/app/ENVIRONMENT"), "API_KEY=app\n");
  expect(of("app")).toEqual(["mine", "home", "app"]);
  expect(of(null)).toEqual(["mine", "home"]);
  writeFileSync(join(folder.path, "api/app/ENVIRONMENT"), "API_KEY=other one\n");
  expect(of("app")).toEqual(["mine", "home", "other one"]);
});

test("what is kept apart is hidden too, whatever it is called", () => {
  using folder = temporaryFolder();
  const secrets = new KnownSecrets(folder.path, {});
  expect(secrets.of("app").flat()).toEqual([]);
  changeSecrets(secretPaths.of(folder.path, "app"), { ANYTHING: "own" });
  changeSecrets(secretPaths.shared(folder.path), { HF_TOKEN: "shared" });
  expect(secrets.of("app").flat()).toEqual(["shared", "own"]);
  expect(secrets.of("other").flat()).toEqual(["shared"]);
});
