import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import { answersHttp } from "../../../src/runtime/base/answers-http.js";
import type { Run, Serving } from "../../../src/runtime/protocol/runs.js";
import { ServingWatch } from "../../../src/runtime/supervisor/serving.js";
import { sampleRun } from "../../helpers/samples.js";
import { until } from "../../helpers/command-line.js";

/** A process of its own that listens: with `http` it answers, else it only takes connections. */
async function listener(kind: "http" | "mute", through = "") {
  const code =
    kind === "http"
      ? "require('http').createServer((q, a) => a.end('hello')).listen(0, '127.0.0.1', function () { console.log(this.address().port) })"
      : "require('net').createServer(() => {}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
  const args = ["-e", code];
  const child = spawn(
    through === "" ? process.execPath : "/bin/sh",
    through === "" ? args : ["-c", `"$0" "$@" & wait`, process.execPath, ...args],
    { stdio: ["ignore", "pipe", "ignore"], env: {}, detached: true },
  );
  const port = await new Promise<number>((resolve) =>
    child.stdout.once("data", (text) => resolve(Number(String(text)))),
  );
  return {
    pid: child.pid ?? 0,
    port,
    [Symbol.dispose]: () => {
      try {
        process.kill(-(child.pid ?? 0), "SIGKILL");
      } catch {
        // gone
      }
    },
  };
}

function watch(runs: { run: Run; roots: number[] }[], now: () => number = Date.now, isWatched = true) {
  const told: Serving[] = [];
  const watching = new ServingWatch({
    runs: () => runs,
    onChanged: (_, serving) => void told.push(serving),
    isWatched: () => isWatched,
    now,
    everyMs: 1_000_000,
  });
  return { watching, told, [Symbol.dispose]: () => watching.close() };
}

test("a port that a program below the run listens on is found, and the page there", async () => {
  using app = await listener("http", "shell");
  const run = sampleRun();
  using seen = watch([{ run, roots: [app.pid] }]);
  await seen.watching.look();
  expect(seen.watching.of(run.id)).toEqual({
    ports: [app.port],
    url: `http://127.0.0.1:${app.port}`,
    isAnswering: true,
  });
});

test("of several ports the one with a page is meant; a port of somebody else is not", async () => {
  using other = await listener("http");
  using mute = await listener("mute");
  using app = await listener("http");
  const run = sampleRun();
  using seen = watch([{ run, roots: [mute.pid, app.pid] }]);
  await seen.watching.look();
  expect(seen.watching.of(run.id)).toEqual({
    ports: [mute.port, app.port].sort((a, b) => a - b),
    url: `http://127.0.0.1:${app.port}`,
    isAnswering: true,
  });
  expect(other.port).not.toBe(app.port);
}, 15_000);

test("what the script says is where it answers is asked, not a port that happens to be open", async () => {
  const { server, port } = await httpServer();
  using app = await listener("http");
  const run = sampleRun({ local: { url: `http://localhost:${port}/ui` } });
  using seen = watch([{ run, roots: [app.pid] }]);
  await seen.watching.look();
  expect(seen.watching.of(run.id)).toMatchObject({ url: `http://localhost:${port}/ui`, isAnswering: true });
  server.close();
});

test("an app that falls silent is told, and one that answers again", async () => {
  const run = sampleRun();
  let now = 0;
  const first = await httpServer();
  run.local["url"] = `http://127.0.0.1:${first.port}`;
  using seen = watch([{ run, roots: [] }], () => now);
  await seen.watching.look();
  expect(seen.told.at(-1)).toMatchObject({ isAnswering: true });
  await new Promise((resolve) => first.server.close(resolve));
  for (let look = 0; look < 3; look++) {
    now += 20_000;
    await seen.watching.look();
  }
  expect(seen.told.at(-1)).toMatchObject({ isAnswering: false });
  const again = await httpServer(first.port);
  await seen.watching.look();
  expect(seen.told.at(-1)).toMatchObject({ isAnswering: true });
  again.server.close();
});

test("a server that is gone is told though nobody looks", async () => {
  using app = await listener("http");
  const run = sampleRun({ local: { url: `http://127.0.0.1:${app.port}` } });
  using seen = watch([{ run, roots: [app.pid] }], Date.now, false);
  await seen.watching.look();
  expect(seen.told.at(-1)).toMatchObject({ ports: [app.port], isAnswering: true });
  process.kill(-app.pid, "SIGKILL");
  await until(
    () => answersHttp(`http://127.0.0.1:${app.port}`),
    (answers) => !answers,
  );
  await seen.watching.look();
  expect(seen.told.at(-1)).toMatchObject({ ports: [], isAnswering: false });
});

test("a page of no process of the run that is gone is told though nobody looks, and at once to who asks", async () => {
  const page = await httpServer();
  const run = sampleRun({ local: { url: `http://127.0.0.1:${page.port}` } });
  using app = await listener("mute");
  let now = 0;
  const roots: number[] = [];
  using seen = watch([{ run, roots }], () => now, false);
  await seen.watching.look();
  expect(seen.told.at(-1)).toMatchObject({ isAnswering: true });
  await new Promise((resolve) => page.server.close(resolve));
  roots.push(app.pid); // its ports change, so it is asked once
  for (let look = 0; look < 3; look++) {
    now += 6_000;
    using other = await listener("mute");
    expect(other.port).not.toBe(app.port);
    await seen.watching.look();
  }
  expect(seen.told.at(-1)).toMatchObject({ isAnswering: false });

  const again = await httpServer(page.port);
  await seen.watching.look();
  expect(seen.told.at(-1)).toMatchObject({ isAnswering: true });
  await new Promise((resolve) => again.server.close(resolve));
  now += 2_000;
  await seen.watching.refresh();
  expect(seen.told.at(-1)).toMatchObject({ isAnswering: false });
}, 15_000);

test("a page that was announced and never answers is told after a while, not at once", async () => {
  const gone = await httpServer();
  await new Promise((resolve) => gone.server.close(resolve));
  const url = `http://127.0.0.1:${gone.port}`;
  const run = sampleRun({ local: { url } });
  using seen = watch([{ run, roots: [] }]);
  for (let look = 0; look < 5; look++) await seen.watching.look();
  expect(seen.told).toEqual([]);
  for (let look = 0; look < 10; look++) await seen.watching.look();
  expect(seen.told).toEqual([{ ports: [], url, isAnswering: false }]);
});

test("a port that is no page is asked ever more rarely, and at once when another one opens", async () => {
  using database = await listener("mute");
  const runs = [{ run: sampleRun(), roots: [database.pid] }];
  let now = 1_000;
  let asked = 0;
  const counted = (): number => {
    asked++;
    return now;
  };
  using seen = watch(runs, counted);
  const looks: number[] = [];
  for (let look = 0; look < 4; look++) {
    const before = asked;
    await seen.watching.look();
    looks.push(asked - before);
  }
  // The clock is read once more when a question is asked.
  expect(looks).toEqual([2, 1, 1, 1]);
  now += 1_000;
  using page = await listener("http");
  runs[0]?.roots.push(page.pid);
  await seen.watching.look();
  expect(seen.watching.of(sampleRun().id)).toMatchObject({ isAnswering: true });
}, 15_000);

test("while nothing is printed it is looked more rarely, and at once when something is", async () => {
  const id = sampleRun().id;
  const runs = [{ run: sampleRun({ outputBytes: 1 }), roots: [] as number[] }];
  let now = 1_000;
  const watching = new ServingWatch({
    runs: () => runs,
    onChanged: () => undefined,
    isWatched: () => false,
    now: () => now,
    everyMs: 5,
  });
  const portsOf = (): readonly number[] => watching.of(id)?.ports ?? [];
  const pause = () => new Promise((resolve) => setTimeout(resolve, 60));
  try {
    await pause();
    now += 20_000;
    await pause();
    using first = await listener("mute");
    runs[0]!.roots.push(first.pid);
    await pause();
    expect(portsOf()).toEqual([]);
    now += 5_000;
    await until(portsOf, (ports) => ports.includes(first.port));
    using second = await listener("mute");
    runs[0]!.roots.push(second.pid);
    await pause();
    expect(portsOf()).toEqual([first.port]);
    runs[0]!.run = sampleRun({ outputBytes: 2 });
    await until(portsOf, (ports) => ports.includes(second.port));
  } finally {
    watching.close();
  }
}, 15_000);

test("a run that is over is forgotten", async () => {
  using app = await listener("http");
  const runs = [{ run: sampleRun(), roots: [app.pid] }];
  using seen = watch(runs);
  await seen.watching.look();
  const id = sampleRun().id;
  expect(seen.watching.of(id)?.ports).toEqual([app.port]);
  runs.length = 0;
  await seen.watching.look();
  expect(seen.watching.of(id)).toBeNull();
});

async function httpServer(port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer((_, answer) => answer.end("hello"));
  await until(
    () =>
      new Promise<boolean>((resolve) => {
        server.once("error", () => resolve(false));
        server.listen(port, "127.0.0.1", () => resolve(true));
      }),
    (isListening) => isListening,
  );
  return { server, port: (server.address() as AddressInfo).port };
}
