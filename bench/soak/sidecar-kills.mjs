// A sidecar that is killed at any moment, a hundred times, must forget no run, lose no line and start nothing twice.
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bundleClient, loadClient } from "../lib/client.mjs";
import { makeHome } from "../lib/homes.mjs";
import { newSeed, randomOf } from "../lib/random.mjs";
import { median } from "../lib/statistics.mjs";

export const name = "Soak: a hundred killed sidecars";

const FOUND_AGAIN_MS = 2_000;
const LONGEST_WAIT_MS = 600;
const ASK_LIMIT_MS = 20_000;

/** Numbers its lines, some at once and some one by one. */
const COUNTER = `
import sys, time
number = 0
while True:
    number += 1
    print(f"line-{number}-end", flush=True)
    if number % 10 == 0:
        time.sleep(0.005)
`;

/** What is started in every round, each with one way to end; every start is written down by the program itself. */
const KINDS = {
  short: { outcome: "finished", command: "sleep 0.2; echo short-is-over" },
  long: { outcome: "finished", command: "sleep 1; echo long-is-over" },
  failing: { outcome: "failed", command: "sleep 0.1; echo Error: no luck", more: ["true"] },
};

export async function run(context) {
  const kills = context.times ?? (context.quick ? 5 : 100);
  const seed = context.seed ?? newSeed();
  console.log(`  seed ${seed}`);
  const random = randomOf(seed);
  const home = makeHome(context);
  const place = placeScripts(home.path);
  const { openClient, createSocketTransport } = await loadClient(bundleClient(context));
  const open = ({ socket, tokenFile }) => openClient(createSocketTransport(socket, tokenFile));
  const foundAgain = [];
  const asked = [];
  let record = await home.up();
  let client = open(record);
  try {
    for (const [number, script] of place.counters.entries()) await startOnce(() => client, script, `counter-${number}`);

    for (let kill = 0; kill < kills; kill++) {
      const keys = Object.keys(KINDS).map((kind) => ({ kind, key: `${kind}-${kill}-${seed}` }));
      asked.push(...keys);
      const starts = keys.map(({ kind, key }) => startOnce(() => client, place.scriptFor(kind, key), key));
      await sleep(random() * LONGEST_WAIT_MS);
      process.kill(record.pid, "SIGKILL");
      client.close();
      const began = performance.now();
      record = await home.up();
      client = open(record);
      const upMs = performance.now() - began;
      const found = untilAllKnown(client, home.path, began).catch(({ message }) => {
        throw new Error(
          `With --seed=${seed}, kill ${kill}, the next sidecar up after ${Math.round(upMs)} ms, ${message}`,
        );
      });
      foundAgain.push(await found);
      await Promise.all(starts);
    }

    const runs = await untilOver(client, place.counters);
    const wrong = wrongStarts(place, asked, runs, kills);
    for (const script of place.counters) {
      const { run: over } = await client.request("runs.stop", { script });
      wrong.push(...wrongLines(join(home.path, "runs", over.id)));
    }
    if (wrong.length > 0) throw new Error(`With --seed=${seed}: ${wrong.slice(0, 10).join("; ")}`);
    return [
      { name: "sidecars killed", value: kills, unit: "" },
      { name: "runs that were asked for meanwhile", value: asked.length + place.counters.length, unit: "" },
      {
        name: "from the kill until all are found again or ended with their cause",
        value: median(foundAgain),
        unit: "ms",
        aim: `≤ ${FOUND_AGAIN_MS}`,
        peer: `the longest ${Math.round(Math.max(...foundAgain))} ms`,
      },
    ];
  } finally {
    await client.request("sidecar.down", {}).catch(() => undefined);
    await home.end();
  }
}

function placeScripts(home) {
  const starts = join(home, "starts.txt");
  const scriptOf = (name, steps, files = {}) => {
    const folder = join(home, "api", name);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    writeFileSync(
      join(folder, "start.json"),
      JSON.stringify({ run: steps.map((message) => ({ method: "shell.run", params: { message } })) }),
    );
    return join(folder, "start.json");
  };
  mkdirSync(home, { recursive: true });
  appendFileSync(starts, "");
  const counters = ["one", "two"].map((each) =>
    scriptOf(`counter-${each}`, [`echo counter-${each} >> '${starts}'; exec python3 -S counter.py`], {
      "counter.py": COUNTER,
    }),
  );
  return {
    counters,
    /** An app of its own for every wish: a script that runs is not started again. */
    scriptFor: (kind, key) => {
      const { command, more = [] } = KINDS[kind];
      return scriptOf(key, [`echo ${key} >> '${starts}'; ${command}`, ...more]);
    },
    starts: () => readFileSync(starts, "utf8").trim().split("\n"),
  };
}

/** Asks the sidecar that is there, and the next one with the same key, until one has answered. */
async function startOnce(clientNow, script, key) {
  for (const end = performance.now() + ASK_LIMIT_MS; ; await sleep(50)) {
    try {
      return await clientNow().request("runs.start", { script, consent: true, key: `${key}-key` });
    } catch (error) {
      if (error.code !== "not-connected" || performance.now() > end) throw error;
    }
  }
}

/** Milliseconds until each run that has a folder is over, or its runner answers this sidecar. Fails when it takes long. */
async function untilAllKnown(client, home, began) {
  const folder = join(home, "runs");
  const ids = existsSync(folder) ? readdirSync(folder).filter((id) => existsSync(join(folder, id, "run.json"))) : [];
  for (;;) {
    const runs = new Map((await client.request("runs.list", {})).map((run) => [run.id, run]));
    const unknown = [];
    for (const id of ids) {
      const run = runs.get(id);
      if (run === undefined && existsSync(join(folder, id))) unknown.push(`${id} is not listed`);
      else if (run !== undefined && run.state !== "ended" && !(await answers(client, id))) {
        unknown.push(`${id} (${run.script}, ${run.state}) does not answer`);
      }
    }
    const took = performance.now() - began;
    if (took > FOUND_AGAIN_MS)
      throw new Error(`after ${Math.round(took)} ms: ${unknown.join("; ") || "all are known"}`);
    if (unknown.length === 0) return took;
    await sleep(20);
  }
}

async function answers(client, runId) {
  if ((await client.request("runs.steps", { runId })) !== null) return true;
  return (await client.request("runs.find", { runId }))?.state === "ended";
}

async function untilOver(client, counters) {
  for (const end = performance.now() + ASK_LIMIT_MS; ; await sleep(100)) {
    const runs = await client.request("runs.list", {});
    if (runs.filter(({ state }) => state !== "ended").length === counters.length) return runs;
    if (performance.now() > end) throw new Error("Runs that should be over go on.");
  }
}

/** Each wish is one start, and the runs that are still kept ended as they should. */
function wrongStarts(place, asked, runs, kills) {
  const starts = place.starts();
  const count = (key) => starts.filter((each) => each === key).length;
  const wrong = asked.filter(({ key }) => count(key) !== 1).map(({ key }) => `${key} was started ${count(key)} times`);
  if (starts.length !== asked.length + place.counters.length)
    wrong.push(`${starts.length} starts after ${kills} kills`);
  for (const { script, state, end } of runs) {
    const kind = KINDS[script.split("-")[0]];
    if (state === "ended" && kind !== undefined && end.outcome !== kind.outcome) {
      wrong.push(`${script} ended as ${end.outcome}: ${end.error?.message ?? ""}`);
    }
  }
  return wrong;
}

/** Lines that are missing or twice in what is kept of a counter's output. */
function wrongLines(folder) {
  const parts = readdirSync(folder).filter((file) => file.startsWith("output.log"));
  const startOf = (file) => Number(file.split(".")[2] ?? 0);
  const text = parts
    .sort((a, b) => startOf(a) - startOf(b))
    .map((file) => readFileSync(join(folder, file), "latin1"))
    .join("");
  const numbers = [...text.matchAll(/line-(\d+)-end/g)].map(([, number]) => Number(number));
  if (numbers.length === 0) return [`${folder}: nothing printed`];
  return numbers
    .flatMap((number, index) =>
      number === numbers[0] + index ? [] : [`line ${number} of ${folder} is not in its place`],
    )
    .slice(0, 3);
}
