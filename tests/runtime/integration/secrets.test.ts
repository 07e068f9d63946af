import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import type { Question } from "../../../src/runtime/protocol/runs.js";
import { type Answer, testHome, type TestHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";

const MINE = "correct-horse-battery-staple";
const STEPS = "only-of-one-step-0123456789";
const SERVICE = "service-key-of-the-machine-42";
const TYPED = "typed by a person, in a form";
const HF = `hf_${"aB3dE6gH9".repeat(4)}`;
const SECRET = new RegExp([MINE, "battery-staple", STEPS, SERVICE, TYPED, HF.slice(3), "w0rd@"].join("|"));
const stars = (text: string): string => "*".repeat(text.length);

const COMMANDS = [
  "echo $MY_TOKEN $STEP_API_KEY $MYSVC_API_KEY",
  "cat answer.json",
  "printf ${MY_TOKEN:0:14}; sleep 0.6; echo ${MY_TOKEN:14} ZZZZ",
  "printf '\\033[31m%s\\033[m%s\\n' ${MY_TOKEN:0:9} ${MY_TOKEN:9}",
  "echo postgres://u:p4ss@w0rd@db",
];
const SCRIPT = {
  run: [
    { method: "notify", params: { html: "told {{env.MY_TOKEN}}", persistent: true } },
    { method: "loading.start", params: { message: "loading {{env.MY_TOKEN}}" } },
    { method: "local.set", params: { seen: "{{env.MY_TOKEN}}", hf: HF } },
    {
      method: "input",
      params: { form: [{ key: "key", default: "{{env.MY_TOKEN}}" }, { key: "code", type: "password" }] }, // prettier-ignore
    },
    { method: "fs.write", params: { path: "answer.json", json: "{{input}}" } },
    { method: "shell.run", params: { message: COMMANDS, env: { STEP_API_KEY: STEPS } } },
    { method: "fs.copy", params: { src: "/nowhere/{{env.MY_TOKEN}}/x", dest: "y" } },
  ],
};

const words = ({ out, err }: Answer): string[] => [out, err];

/** A viewer that begins anywhere. */
function viewed(client: SidecarClient, runId: RunId, offset: number): Promise<string> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    client.openOutput(
      runId,
      {
        onBytes: (bytes: Uint8Array) => void pieces.push(Buffer.from(bytes)),
        onEnd: () => resolve(Buffer.concat(pieces).toString()),
      },
      { offset },
    );
  });
}

/** All that can be had of the only run. */
async function everythingSaid(home: TestHome, runId: RunId): Promise<string> {
  const client = await connectTo(home);
  try {
    const raw = readFileSync(join(home.path, "runs", runId, "output.log"));
    const inside = [0, 4, 12, 20].map((more) => viewed(client, runId, raw.indexOf(MINE, raw.indexOf("\n")) + more));
    const asked = [
      client.request("runs.list", {}),
      client.request("runs.find", { script: "talks/start.json" }),
      client.request("script.status", { script: "talks/start.json" }),
      client.request("runs.steps", { runId }),
      client.request("runs.diagnose", { runId }),
      client.request("output.screen", { runId, scrollback: 500 }),
      client.request("output.search", { runId, text: "e", most: 500 }),
    ];
    const printed = [
      ["logs", "talks"],
      ["logs", "talks", "--search", "a"],
      ["status"],
      ["status", "--json"],
      ["list", "--json"],
    ];
    const said: unknown[] = [client.state, ...(await Promise.all(inside)), ...(await Promise.all(asked))];
    for (const command of printed) said.push(words(await home.run(...command)));
    return JSON.stringify(said);
  } finally {
    client.close();
  }
}

test("what is secret leaves a run in no way, also when it is another by then, and the script gets it as it is", async () => {
  await using home = testHome();
  const app = join(home.path, "api/talks");
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, "start.json"), JSON.stringify(SCRIPT));
  writeFileSync(join(app, "ENVIRONMENT"), `MY_TOKEN=${MINE}\n`);
  const trace = join(home.path, "trace");
  await home.runWith({ MYSVC_API_KEY: SERVICE }, "up");
  const client = await connectTo(home);
  const events: unknown[] = [];
  client.onEvent((event) => void events.push(event));
  const begun = await home.run("script", "run", join(app, "start.json"), "--trace", trace, "--json");
  const runId = RunId.parse(begun.json["id"]);
  const [question] = begun.json["questions"] as Question[];
  expect(question?.params).toMatchObject({ form: [{ default: stars(MINE) }, { type: "password" }] });
  await client.request("runs.answer", { runId, question: question!.id, value: { key: stars(MINE), code: TYPED } });
  const waited = await home.run("wait", runId);
  await until(
    async () => client.request("runs.find", { runId }),
    (run) => run?.state === "ended",
  );
  client.close();

  expect(JSON.parse(readFileSync(join(app, "answer.json"), "utf8"))).toEqual({ key: MINE, code: TYPED });
  const output = join(home.path, "runs", runId, "output.log");
  expect(readFileSync(output, "utf8")).toContain(`${MINE} ${STEPS} ${SERVICE}`); // it stays as it was printed
  for (const file of ["output.log", "secrets.json"]) {
    expect(statSync(join(home.path, "runs", runId, file)).mode & 0o777).toBe(0o600);
  }
  const first = await everythingSaid(home, runId);
  expect(first).toContain(`${stars(MINE)} ZZZZ`);
  expect(first).toContain(`${stars(MINE)} ${stars(STEPS)} ${stars(SERVICE)}`);
  expect(first).not.toMatch(SECRET);
  expect(JSON.stringify(events)).toContain(`told ${stars(MINE)}`);
  expect(JSON.stringify(events)).toContain(`loading ${stars(MINE)}`);
  expect(JSON.stringify(events)).not.toMatch(SECRET);
  const files = ["trace", "logs/api_errors.log", "logs/sidecar.log"].map((name) => join(home.path, name));
  for (const said of [begun, waited].flatMap(words)) expect(said).not.toMatch(SECRET);
  for (const file of files) expect(readFileSync(file, "utf8")).not.toMatch(SECRET);

  await home.run("down");
  writeFileSync(join(app, "ENVIRONMENT"), "MY_TOKEN=another one by now\n");
  const later = await everythingSaid(home, runId);
  expect(later).toContain(`${stars(MINE)} ${stars(STEPS)} ${stars(SERVICE)}`);
  expect(later).not.toMatch(SECRET);
});
