import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { conda, type CondaRequest } from "../../../src/runtime/environments/conda.js";
import { environmentTools } from "../../helpers/environment-tools.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** What conda does, as far as activation goes. */
const STAND_IN = `#!/bin/bash
case "$1" in
  shell.bash) cat <<'HOOK'
conda() {
  if [ "$1" = activate ]; then
    export CONDA_PREFIX="$2" CONDA_DEFAULT_ENV="$2" PATH="$2/bin:$PATH"
    echo activated
  else command conda "$@"; fi
}
HOOK
  ;;
  create) echo "$@" >> "$(dirname "$0")/calls"; [ "$3" = -p ] && mkdir -p "$4/bin"; true ;;
esac
`;

async function prepare(request: Partial<CondaRequest>) {
  using folder = temporaryFolder();
  const tools = environmentTools(folder.path);
  const bin = join(folder.path, "tools");
  writeFileSync(join(bin, "conda"), STAND_IN, { mode: 0o755 });
  const env = request.env ?? { path: join(folder.path, "it's env") };
  const whole = { python: null, args: "", activate: null, cwd: folder.path, ...request, env };
  const activation = await conda.prepare(whole, tools);
  await conda.prepare(whole, tools);
  const calls = existsSync(join(bin, "calls")) ? readFileSync(join(bin, "calls"), "utf8").trim().split("\n") : [];
  return JSON.parse(JSON.stringify({ activation, calls }).replaceAll(folder.path, "~")) as {
    activation: typeof activation;
    calls: string[];
  };
}

test("a missing environment is made once, with what the author says", async () => {
  const { activation, calls } = await prepare({ python: "3.11", args: "-c x" });
  expect(calls).toEqual(["create -y -p ~/it's env python=3.11 -c x"]);
  expect(activation.variables).toMatchObject({ CONDA_PREFIX: "~/it's env", CONDA_DEFAULT_ENV: "~/it's env" });
  expect(activation.path).toEqual(["~/it's env/bin", "~/tools"]);
});

test("without a version it is the one that authors expect", async () => {
  expect((await prepare({})).calls).toEqual(["create -y -p ~/it's env python=3.10.20"]);
});

test("base is there; minimal and own commands replace what is usual", async () => {
  expect(await prepare({ env: { name: "base" } })).toMatchObject({
    calls: [],
    activation: { variables: { CONDA_DEFAULT_ENV: "base" } },
  });
  expect((await prepare({ activate: "minimal" })).activation.variables).toMatchObject({ CONDA_DEFAULT_ENV: "base" });
  expect((await prepare({ activate: ["export OWN=1"] })).activation.variables).toMatchObject({ OWN: "1" });
});

test("what an activation changes is found out once, until packages change", async () => {
  using folder = temporaryFolder();
  let asked = 0;
  const tools = environmentTools(folder.path);
  writeFileSync(join(folder.path, "tools", "conda"), STAND_IN, { mode: 0o755 });
  const counting = {
    ...tools,
    ask: (...args: Parameters<typeof tools.ask>) => {
      asked++;
      return tools.ask(...args);
    },
  };
  const env = { path: join(folder.path, "env") };
  const request = { env, python: null, args: "", activate: null, cwd: folder.path };
  await conda.prepare(request, counting);
  const first = asked;
  await conda.prepare(request, counting);
  expect([first > 0, asked]).toEqual([true, first]);
  mkdirSync(join(env.path, "conda-meta"));
  await conda.prepare(request, counting);
  expect(asked).toBe(2 * first);
});
