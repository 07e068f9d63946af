import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { frameSocket } from "../../../src/runtime/base/frame-socket.js";
import { startTimeOf } from "../../../src/runtime/base/processes.js";
import type { Frame } from "../../../src/runtime/protocol/frames.js";
import { readSidecarRecord } from "../../../src/runtime/storage/sidecar-record.js";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";

const recordOf = (home: TestHome) => readSidecarRecord(join(home.path, "run/sidecar.json"))!;

/** Speaks to the socket by hand and collects what it answers until it closes or `count` frames came. */
function talk(socketPath: string, say: unknown[], count: number): Promise<Record<string, unknown>[]> {
  return new Promise((resolve) => {
    const heard: Record<string, unknown>[] = [];
    const socket = createConnection(socketPath);
    const frames = frameSocket(socket, {
      onFrame: (frame: Frame) => {
        heard.push(JSON.parse(frame as string) as Record<string, unknown>);
        if (heard.length === count) frames.destroy();
      },
      onClosed: () => resolve(heard),
    });
    socket.on("connect", () => {
      for (const message of say) frames.send(JSON.stringify(message));
    });
  });
}

const tokenOf = (home: TestHome) => readFileSync(recordOf(home).tokenFile, "utf8").trim();
const hello = { t: "hello", protocol: [1, 1], client: { name: "test", version: "0" }, events: true, resume: null };

test("starts once, whoever asks and how many at once", async () => {
  await using home = testHome();
  const answers = await Promise.all(Array.from({ length: 5 }, () => home.run("up", "--json")));
  expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  expect(new Set(answers.map(({ json }) => json["pid"])).size).toBe(1);
  expect(answers.filter(({ json }) => json["started"]).length).toBe(1);
});

test("socket, token and their folder belong to the owner alone", async () => {
  await using home = testHome();
  await home.run("up");
  const { socket, tokenFile } = recordOf(home);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
  expect(socket.length).toBeLessThan(100);
});

test("whoever starts it, apps get the same environment", async () => {
  const seen: string[][] = [];
  for (const env of [{}, { MPLBACKEND: "x", JPY_PARENT_PID: "1", VIRTUAL_ENV: "/v", NODE_OPTIONS: "--no-warnings" }]) {
    await using home = testHome();
    await home.runWith(env, "up");
    const { pid } = recordOf(home);
    const names = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    seen.push(names.map((line) => line.split("=")[0]!).filter((name) => name !== ""));
  }
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[0]).not.toContain("PINOKIOCLOUD_HOME");
});

test("a wrong token is refused in words and told nothing", async () => {
  await using home = testHome();
  await home.run("up");
  const { socket } = recordOf(home);
  const wrong = await talk(socket, [{ t: "auth", token: "0".repeat(64), via: "test" }, hello], 3);
  expect(wrong).toEqual([{ t: "refused", error: expect.objectContaining({ code: "not-authorised" }) as unknown }]);
  expect(await talk(socket, [hello], 3)).toMatchObject([{ t: "refused" }]);
});

test("a missing token says what to do, and --replace repairs it", async () => {
  await using home = testHome();
  await home.run("up");
  rmSync(recordOf(home).tokenFile);
  const answer = await home.run("list");
  expect(answer.code).toBe(1);
  expect(answer.err).toMatch(/token .* is missing[^]*hint: Run `pinokiocloud up --replace`/);
  expect((await home.run("up", "--replace")).code).toBe(0);
  expect((await home.run("list")).code).toBe(0);
});

test("a client of another version is told so, with what to do on its side", async () => {
  await using home = testHome();
  await home.run("up");
  const { socket } = recordOf(home);
  const auth = { t: "auth", token: tokenOf(home), via: "test" };
  const newer = await talk(socket, [auth, { ...hello, protocol: [7, 9] }], 9);
  expect(newer[1]).toMatchObject({ t: "refused", error: { code: "protocol-mismatch", hint: /up --replace/ } });
  const older = await talk(socket, [auth, { ...hello, protocol: [0, 0] }], 9);
  expect(older[1]).toMatchObject({ t: "refused", error: { hint: "Update PinokioCloud where this program runs" } });
});

test("nonsense on the socket ends that client and no other", async () => {
  await using home = testHome();
  await home.run("up");
  const { socket, pid } = recordOf(home);
  await talk(socket, ["not an object", 7], 9);
  await new Promise<void>((resolve) => {
    const raw = createConnection(socket, () => raw.end(Buffer.from([255, 255, 255, 255, 9, 1])));
    raw.on("close", () => resolve());
    raw.resume();
  });
  expect(startTimeOf(pid)).not.toBeNull();
  expect((await home.run("list")).code).toBe(0);
});

test("a socket that was removed comes back and nobody has to do anything", async () => {
  await using home = testHome();
  await home.run("up");
  const { socket, pid } = recordOf(home);
  rmSync(socket);
  await until(
    () => home.run("list"),
    ({ code }) => code === 0,
  );
  expect(recordOf(home).pid).toBe(pid);
});

test("a killed sidecar leaves lock, socket and record behind; the next one cleans them", async () => {
  await using home = testHome();
  await home.run("up");
  const before = recordOf(home);
  process.kill(before.pid, "SIGKILL");
  await until(
    () => startTimeOf(before.pid),
    (time) => time === null,
  );
  expect((await home.run("status", "--json")).json["running"]).toBe(false);
  const { json, code } = await home.run("up", "--json");
  expect(code).toBe(0);
  expect(json["started"]).toBe(true);
  expect(json["pid"]).not.toBe(before.pid);
});

test("a record whose pid now belongs to another process counts for nothing", async () => {
  await using home = testHome();
  await home.run("up");
  const record = recordOf(home);
  await home.run("down", "--sidecar-only");
  mkdirSync(join(home.path, "run"), { recursive: true });
  writeFileSync(join(home.path, "run/sidecar.json"), JSON.stringify({ ...record, pid: process.pid }));
  expect((await home.run("status", "--json")).json["running"]).toBe(false);
  expect((await home.run("up", "--json")).json["started"]).toBe(true);
});

test("ends by itself when idle, and on SIGTERM, leaving no record behind", async () => {
  await using home = testHome();
  await home.runWith({ PINOKIOCLOUD_IDLE_MINUTES: "0.005" }, "up");
  const { pid } = recordOf(home);
  await until(
    () => startTimeOf(pid),
    (time) => time === null,
  );
  expect(readdirSync(join(home.path, "run"))).toEqual(["launched.json", "lock.db", "shared.json"]);
  await home.run("up");
  const again = recordOf(home);
  process.kill(again.pid, "SIGTERM");
  await until(
    () => startTimeOf(again.pid),
    (time) => time === null,
  );
  expect(readdirSync(join(home.path, "run"))).toEqual(["launched.json", "lock.db", "shared.json"]);
});

test("a home of another machine that is in use can be looked at and not changed", async () => {
  await using home = testHome();
  mkdirSync(join(home.path, "run"), { recursive: true });
  const elsewhere = { host: "other-machine", bootId: "b", pid: 1, startTime: "1", heartbeatAt: Date.now() };
  writeFileSync(join(home.path, "run/lock.json"), JSON.stringify(elsewhere));
  const { json } = await home.run("status", "--json");
  expect(json["running"]).toBe(false);
  await home.run("up");
  const status = (await home.run("status", "--json")).json;
  expect(status).toMatchObject({ mode: "read-only", modeReason: expect.stringMatching(/other-machine/) });
  expect((await home.run("list")).code).toBe(0);
  const install = await home.run("install", "hello-server", "--yes");
  expect(install.err).toMatch(/can only be looked at/);
  expect(JSON.parse(readFileSync(join(home.path, "run/lock.json"), "utf8"))).toEqual(elsewhere);
});

test.each([
  ["a file in the way", (path: string) => (writeFileSync(path, ""), join(path, "home"))],
  ["a place where nothing can be made", () => "/proc/nowhere/home"],
])("a home that cannot be made: %s", async (_, place) => {
  await using home = testHome();
  const bad = place(join(home.path, "x"));
  const answer = await home.runWith({ PINOKIOCLOUD_HOME: bad }, "up");
  expect(answer.code).toBe(1);
  expect(answer.err).toMatch(/^error: .*\n?hint: Choose another home/);
});

test("an unreadable state file is set aside, said, and nothing else is lost", async () => {
  await using home = testHome();
  mkdirSync(join(home.path, "library"));
  writeFileSync(join(home.path, "library/installed.json"), '{"version": 1, "apps": {');
  writeFileSync(join(home.path, "settings.json"), '{"idleMinutes": "soon"}');
  expect((await home.run("list")).code).toBe(0);
  const kept = readdirSync(join(home.path, "library")).find((name) => name.startsWith("installed.json.unreadable"));
  expect(readFileSync(join(home.path, "library", kept!), "utf8")).toBe('{"version": 1, "apps": {');
  const { socket } = recordOf(home);
  const heard = await talk(socket, [{ t: "auth", token: tokenOf(home), via: "test" }, hello], 3);
  const { state } = heard[2] as { state: { notices: { message: string; hint: string }[] } };
  expect(state.notices.map(({ message }) => message).sort()).toEqual([
    expect.stringMatching(/installed\.json cannot be read: .*JSON/),
    expect.stringMatching(/settings\.json cannot be read: idleMinutes/),
  ]);
});

test("wrong usage is exit code 2, help is 0, and JSON errors are JSON", async () => {
  await using home = testHome();
  expect((await home.run("fly")).code).toBe(2);
  expect((await home.run("install")).code).toBe(2);
  expect((await home.run("script", "run", "x", "--input", "{")).code).toBe(2);
  const help = await home.run("--help");
  expect(help.code).toBe(0);
  expect(help.out).toMatch(/Exit codes: 0 done or ready, 1 failed, 2 wrong usage, 3 waiting or stopped/);
  const failed = await home.run("install", "/nowhere", "--json");
  expect(failed.code).toBe(1);
  expect(failed.json).toMatchObject({ error: { code: "app-invalid" } });
});

test("the token is in no log, no argument and no environment", async () => {
  await using home = testHome();
  await home.run("up", "--json");
  await home.run("list");
  const token = tokenOf(home);
  for (const pid of home.processes()) {
    for (const file of ["environ", "cmdline"]) {
      expect(readFileSync(`/proc/${pid}/${file}`, "latin1")).not.toContain(token);
    }
  }
  for (const name of readdirSync(join(home.path, "logs"))) {
    expect(readFileSync(join(home.path, "logs", name), "utf8")).not.toContain(token);
  }
});
