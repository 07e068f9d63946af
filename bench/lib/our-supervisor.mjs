// Our runs as the other supervisors are used: programs are started and stopped, all of them at once.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bundleClient, loadClient } from "./client.mjs";
import { makeHome } from "./homes.mjs";

/** What a program gets to end by itself; the others are set to the same. */
export const GRACE_S = 3;

/** With a sidecar that runs already. `context.staticDir` says whose programs. */
export async function openOurSupervisor(context, programs, graceSeconds = GRACE_S) {
  const home = makeHome(context);
  mkdirSync(home.path);
  writeFileSync(join(home.path, "settings.json"), JSON.stringify({ stopGraceSeconds: graceSeconds }));
  const { openClient, createSocketTransport } = await loadClient(bundleClient(context));
  const { pid, socket, tokenFile } = await home.up();
  const client = openClient(createSocketTransport(socket, tokenFile));
  await client.request("sidecar.status", {}); // connected
  const scripts = programs.map(({ name, file }) => placeScript(home.path, name, file));
  let ids = [];
  const recordOf = (id) => JSON.parse(readFileSync(join(home.path, "runs", id, "run.json"), "utf8"));
  return {
    name: "ours",
    request: client.request,
    socket,
    tokenFile,
    /** The sidecar. */
    pid,
    get runIds() {
      return ids;
    },
    /** Processes that are there for supervision alone. */
    get pids() {
      const found = ids.map(recordOf).flatMap(({ process: runner, reaper }) => [runner.pid, reaper?.pid ?? []].flat());
      return [pid, ...found];
    },
    get runnerPids() {
      return ids.map((id) => recordOf(id).process.pid);
    },
    start: async () => {
      const started = scripts.map((script) => client.request("runs.start", { script, consent: true }));
      ids = (await Promise.all(started)).map(({ run }) => run.id);
    },
    startOne: async (number) => {
      const { run } = await client.request("runs.start", { script: scripts[number], consent: true });
      return run.id;
    },
    /** Resolves once each has been proven gone. */
    stop: async () => {
      await Promise.all(ids.map((runId) => client.request("runs.stop", { runId })));
    },
    /** Where a program's output is kept. */
    logFolder: (number) => join(home.path, "runs", ids[number]),
    isLog: (name) => name.startsWith("output.log"),
    end: async () => {
      await client.request("sidecar.down", {}).catch(() => undefined);
      client.close();
      await home.end();
    },
  };
}

function placeScript(home, name, file) {
  const script = join(home, "api", name, "start.json");
  mkdirSync(dirname(script), { recursive: true });
  const run = [{ method: "shell.run", params: { message: `bash '${file}'` } }];
  writeFileSync(script, JSON.stringify({ daemon: true, run }));
  return script;
}
