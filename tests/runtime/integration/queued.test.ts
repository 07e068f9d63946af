import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import { AppId, type RunId } from "../../../src/runtime/protocol/ids.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { testHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";

const LAUNCH = "PINOKIO_SCRIPT_AUTOLAUNCH=start.json\nPINOKIO_SCRIPT_AUTOLAUNCH_ENABLED=off\n";
const TOP = AppId.parse("top");

/** `base`, which is ready once its file `go` is there, and `top`, which needs it and counts its starts. */
function waitingApps() {
  const home = testHome();
  const folderOf = (app: string): string => join(home.path, "api", app);
  const put = (app: string, environment: string, start: unknown): void => {
    mkdirSync(folderOf(app), { recursive: true });
    writeFileSync(join(folderOf(app), "pinokio.json"), "{}");
    writeFileSync(join(folderOf(app), "ENVIRONMENT"), environment);
    writeFileSync(join(folderOf(app), "start.json"), JSON.stringify(start));
  };
  const message = "until [ -e go ]; do sleep 0.05; done; echo up; sleep 600";
  const untilGo = { method: "shell.run", params: { message, on: [{ event: "/up/", done: true }] } };
  put("base", LAUNCH, { daemon: true, run: [untilGo] });
  const count = { method: "fs.append", params: { path: "starts.txt", text: "x" } };
  put("top", `${LAUNCH}PINOKIO_SCRIPT_REQUIRES=base\n`, { daemon: true, run: [count] });
  const starts = join(folderOf("top"), "starts.txt");
  return {
    home,
    folderOf,
    starts: (): string => (existsSync(starts) ? readFileSync(starts, "utf8") : ""),
    begin: (client: SidecarClient) => client.request("runs.start", { script: "top/start.json", consent: true }),
    go: () => writeFileSync(join(folderOf("base"), "go"), ""),
    record: (id: RunId): { run: Run } =>
      JSON.parse(readFileSync(join(home.path, "runs", id, "run.json"), "utf8")) as { run: Run },
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

const found = (client: SidecarClient, runId: RunId) => client.request("runs.find", { runId });
const ready = (client: SidecarClient, script: string) =>
  until(
    () => client.request("runs.find", { script }),
    (run) => run?.state === "ready",
  );

test("an app whose needs are not ready is queued: it is seen, and stopping it keeps it from starting", async () => {
  await using apps = waitingApps();
  const client = await connectTo(apps.home);
  const { run, already } = await apps.begin(client);
  expect({ run, already }).toMatchObject({ run: { state: "queued", waitsFor: ["base"], end: null }, already: false });
  expect(await apps.begin(client)).toMatchObject({ run: { id: run.id, state: "queued" }, already: true });
  expect(client.state?.runs).toContainEqual(expect.objectContaining({ id: run.id, state: "queued" }));
  expect(apps.record(run.id)).toMatchObject({ run: { state: "queued" } });
  const { out } = await apps.home.run("status");
  expect(out).toMatch(/ queued +top\/start\.json +waits for base\n/);
  const listed = await apps.home.run("list", "--status", "queued");
  expect(listed).toMatchObject({
    out: expect.stringMatching(/^top +queued /),
    err: "top waits for base to be ready\n",
  });
  expect((await apps.home.run("stop", "top")).out).toMatch(/^stopped top\/start\.json\n$/);
  expect(await found(client, run.id)).toMatchObject({ state: "ended", end: { outcome: "stopped", error: null } });

  const second = await apps.begin(client);
  expect(second).toMatchObject({ run: { state: "queued" }, already: false });
  const { job } = await client.request("apps.uninstall", { appId: TOP });
  expect(await client.request("jobs.wait", { jobId: job.id, waitMs: 10_000 })).toMatchObject({ state: "done" });
  apps.go();
  await ready(client, "base/start.json");
  expect(existsSync(apps.folderOf("top"))).toBe(false);
  expect(await client.request("runs.find", { script: "top/start.json" })).toBeNull();
  client.close();
});

test("what is queued goes on when the sidecar is killed, starts once, and is ended by what it needs or by the end of all", async () => {
  await using apps = waitingApps();
  const killed = await connectTo(apps.home);
  const { run } = await apps.begin(killed);
  process.kill((await killed.request("sidecar.status", {})).pid, "SIGKILL");
  const client = await connectTo(apps.home);
  expect(await found(client, run.id)).toMatchObject({ state: "queued", waitsFor: ["base"] });
  apps.go();
  const started = await ready(client, "top/start.json");
  expect(started).toMatchObject({ id: run.id, state: "ready" });
  expect(started?.waitsFor).toBeUndefined();
  expect(apps.starts()).toBe("x");

  rmSync(join(apps.folderOf("base"), "go"));
  for (const script of ["top/start.json", "base/start.json"]) await client.request("runs.stop", { script });
  const second = await apps.begin(client);
  await client.request("runs.stop", { script: "base/start.json" });
  const failed = await until(
    () => found(client, second.run.id),
    (now) => now?.state === "ended",
  );
  expect(failed?.end).toMatchObject({
    outcome: "failed",
    error: { code: "requirement-missing", message: "Required app did not start: base (it was stopped)" },
  });

  const third = await apps.begin(client);
  await apps.home.run("down");
  expect(apps.record(third.run.id).run).toMatchObject({ state: "ended", end: { outcome: "stopped" } });
  expect(apps.starts()).toBe("x");
  client.close();
});
