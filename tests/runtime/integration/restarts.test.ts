import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { type TestHome, testHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";

const shell = (message: string, more = {}) => ({ method: "shell.run", params: { message, ...more } });
const ready = { on: [{ event: "/is up/", done: true }] };

function put(home: TestHome, scripts: Record<string, unknown>, restart?: object): string {
  const folder = join(home.path, "api", "demo");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "pinokio.js"), `module.exports = { title: "Demo", menu: [] };\n`);
  for (const [name, script] of Object.entries(scripts)) writeFileSync(join(folder, name), JSON.stringify(script));
  if (restart !== undefined)
    writeFileSync(join(home.path, "settings.json"), JSON.stringify({ apps: { demo: { restart } } }));
  return folder;
}

const runsOf = (client: SidecarClient): Run[] => (client.state?.runs ?? []).filter(({ appId }) => appId === "demo");
const messages = (client: SidecarClient): string[] => (client.state?.notices ?? []).map(({ message }) => message);

/** A server that answers, and ends after `seconds`. */
const SERVER = [
  "import http.server, os, sys, threading",
  'server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)',
  'print("is up", flush=True)',
  "if len(sys.argv) > 1: threading.Timer(float(sys.argv[1]), lambda: os._exit(1)).start()",
  "server.serve_forever()",
].join("\n");

/** A daemon whose own code fails a moment after it was ready. */
const CRASHING = `
module.exports = async () => {
  setTimeout(() => { throw new Error("gave out"); }, 300);
  return { daemon: true, run: [{ method: "shell.run", params: { message: "echo is up; sleep 1000", on: [{ event: "/is up/", done: true }] } }] };
};
`;

const pause = (before: Run | undefined, after: Run | undefined): number =>
  Date.parse(after?.startedAt ?? "") - Date.parse(before?.end?.at ?? "");

test("a daemon that fails again and again is started later each time, and given up", async () => {
  await using home = testHome();
  const app = put(home, {}, { onFailure: true, most: 2 });
  writeFileSync(join(app, "start.js"), CRASHING);
  const client = await connectTo(home);
  try {
    await home.run("script", "run", join(app, "start.js"));
    await until(
      () => messages(client),
      (all) => all.some((message) => message.includes("is not started again")),
      30_000,
    );
    expect(messages(client)).toEqual(["demo/start.js has failed 3 times within 10 minutes and is not started again"]);
    const [first, second, third, ...more] = runsOf(client).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
    expect(more).toEqual([]);
    expect(pause(first, second)).toBeGreaterThanOrEqual(1_000);
    expect(pause(second, third)).toBeGreaterThanOrEqual(2_000);
    expect(runsOf(client).map(({ again }) => again)).toEqual([undefined, undefined, undefined]);
  } finally {
    client.close();
  }
});

test("nothing is started again unless somebody wants it, nor what a person has stopped", async () => {
  await using home = testHome();
  const app = put(home, { "start.json": { daemon: true, run: [shell("echo is up; sleep 1000", ready)] } });
  writeFileSync(join(app, "crash.js"), CRASHING);
  const client = await connectTo(home);
  try {
    await home.run("script", "run", join(app, "crash.js"));
    const failed = await until(
      () => runsOf(client).find(({ end }) => end !== null),
      (run) => run !== undefined,
    );
    expect(failed?.again).toBeUndefined();
  } finally {
    client.close();
  }
  await home.run("down");
  put(home, {}, { onFailure: true });
  const next = await connectTo(home);
  try {
    await home.run("script", "run", join(app, "start.json"));
    await home.run("stop", "demo/start.json");
    const stopped = runsOf(next).find(({ script, end }) => script === "demo/start.json" && end !== null);
    expect(stopped?.end?.outcome).toBe("stopped");
    expect(stopped?.again).toBeUndefined();
  } finally {
    next.close();
  }
});

test("a server that dies in its shell is noticed, and what is to come outlives the sidecar", async () => {
  await using home = testHome();
  const app = put(
    home,
    { "start.json": { daemon: true, run: [shell("python3 server.py $(cat seconds)", ready)] } },
    { onFailure: true },
  );
  writeFileSync(join(app, "server.py"), SERVER);
  writeFileSync(join(app, "seconds"), "4");
  const client = await connectTo(home);
  await home.run("script", "run", join(app, "start.json"));
  await until(
    () => runsOf(client)[0]?.serving?.ports.length ?? 0,
    (ports) => ports > 0,
  );
  writeFileSync(join(app, "seconds"), "");
  const waiting = await until(
    () => runsOf(client).find(({ again }) => again !== undefined),
    (run) => run !== undefined,
    30_000,
  );
  expect(waiting?.again).toMatchObject({ attempt: 1, most: 5 });
  client.close();
  await home.run("down", "--sidecar-only");
  const next = await connectTo(home);
  try {
    const run = await until(
      () => runsOf(next).find(({ state }) => state === "ready"),
      (found) => found !== undefined,
      20_000,
    );
    expect(run?.id).not.toBe(waiting?.id);
  } finally {
    next.close();
  }
}, 60_000);

test("an install that the network broke off is tried again by itself; letting it be is obeyed", async () => {
  await using home = testHome();
  const app = put(home, {
    "install.json": {
      run: [
        shell("echo tried >> tries.txt"),
        shell(
          "[ $(wc -l < tries.txt) -ge 2 ] || { echo 'curl: (6) Could not resolve host: example.test'; echo Error: it failed; }",
        ),
      ],
    },
    "start.json": { run: [shell("echo 'curl: (6) Could not resolve host: example.test'; echo Error: it failed")] },
  });
  const client = await connectTo(home);
  try {
    expect((await home.run("script", "run", join(app, "start.json"))).code).toBe(1);
    expect((await home.run("script", "run", join(app, "install.json"))).code).toBe(1);
    const failed = await until(
      () => runsOf(client).find(({ script, again }) => script === "demo/install.json" && again !== undefined),
      (run) => run !== undefined,
    );
    expect(failed?.again).toMatchObject({ attempt: 1, most: 3 });
    expect(messages(client)).toEqual([
      expect.stringMatching(/^demo\/install.json failed and is tried again in \d s \(1 of 3\)$/),
    ]);
    await until(
      () => runsOf(client).findLast(({ script }) => script === "demo/install.json"),
      (run) => run?.end?.outcome === "finished",
      20_000,
    );
    expect(messages(client)).toEqual([]);
    expect(runsOf(client).filter(({ script }) => script === "demo/start.json")).toHaveLength(1);

    writeFileSync(join(app, "tries.txt"), "");
    await home.run("script", "run", join(app, "install.json"));
    const waiting = await until(
      () => runsOf(client).find(({ again }) => again !== undefined),
      (run) => run !== undefined,
    );
    await home.run("stop", waiting!.id);
    await until(
      () => runsOf(client).some(({ again }) => again !== undefined),
      (isWaiting) => !isWaiting,
    );
    expect(messages(client)).toEqual([]);
    expect(readFileSync(join(app, "tries.txt"), "utf8")).toBe("tried\n");
  } finally {
    client.close();
  }
});

test("what is to come, and what failed last, is said by `status`", async () => {
  await using home = testHome();
  const busy = shell("echo 'urllib.error.HTTPError: HTTP Error 429: Too Many Requests'; echo Error: it failed");
  const app = put(home, { "install.json": { run: [busy] }, "other.json": { run: [shell("echo Error: no")] } });
  await home.run("script", "run", join(app, "other.json"));
  await home.run("script", "run", join(app, "install.json"));
  const { json } = await until(
    () => home.run("status", "--json"),
    (answer) => (answer.json["again"] as Run[]).length > 0,
  );
  const [waiting] = json["again"] as Run[];
  expect(waiting).toMatchObject({ script: "demo/install.json", again: { attempt: 1, most: 4 } });
  expect(json).toMatchObject({ runs: [], failed: { id: waiting!.id, failure: { code: "too-many-requests" } } });
  const { out } = await home.run("status");
  expect(out).toMatch(/run_\w+ {2}again +demo\/install\.json {2}in \d+ s, at \d{4}-\S+ \(1 of 4\)\n/);
  expect(out).toMatch(/Failed last, at \S+: demo\/install\.json: .+\nWhat can be done: pinokiocloud repair run_\w+\n/);

  await home.run("stop", waiting!.id);
  writeFileSync(join(app, "install.json"), JSON.stringify({ run: [shell("echo well")] }));
  await home.run("script", "run", join(app, "install.json"));
  const later = (await home.run("status", "--json")).json;
  expect(later).toMatchObject({ again: [], failed: { script: "demo/other.json" } });
});
