import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join, resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { answers, waitOn } from "../../../src/runtime/methods/wait-on.js";
import { fileServer } from "../../helpers/file-server.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const world = (cwd = "/", signal = new AbortController().signal) => ({
  signal,
  mayAskLinkLocal: false,
  resolvePath: (path: string) => resolve(cwd, path),
});

async function listening(where: number | string): Promise<AsyncDisposable & { port: number }> {
  const server: Server = createServer((socket) => socket.end());
  await new Promise<void>((done) => server.listen(where, () => done()));
  const address = server.address() as AddressInfo | string;
  return {
    port: typeof address === "string" ? 0 : address.port,
    [Symbol.asyncDispose]: () => new Promise((closed) => server.close(() => closed())),
  };
}

const QUICK = { interval: 10, window: 20 };

test("files count once they have stopped growing", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "model.bin");
  let isThere = false;
  const waited = waitOn({ resources: ["file:model.bin", "other.txt"], interval: 10, window: 300 }, world(folder.path));
  void waited.then(() => (isThere = true));
  writeFileSync(join(folder.path, "other.txt"), "");
  for (let size = 0; size < 4; size++) {
    appendFileSync(file, "more");
    await new Promise((done) => setTimeout(done, 100));
  }
  expect(isThere).toBe(false);
  await waited;
});

test("ports and sockets count when they take a connection", async () => {
  using folder = temporaryFolder();
  const socket = join(folder.path, "s.sock");
  await using one = await listening(0);
  await using two = await listening(socket);
  const resources = [`tcp:${one.port}`, `tcp:127.0.0.1:${one.port}`, `tcp://localhost:${one.port}`, "socket:s.sock"];
  await expect(waitOn({ resources, ...QUICK, timeout: 20_000 }, world(folder.path))).resolves.toBeUndefined();
  await two[Symbol.asyncDispose]();
  await expect(waitOn({ resources: "socket:s.sock", ...QUICK, timeout: 1 }, world(folder.path))).rejects.toThrow();
});

test("pages count when they agree, asked as their names say", async () => {
  const asked: string[] = [];
  await using server = await fileServer(({ method = "" }, response) => {
    asked.push(method);
    response.writeHead(asked.length > 2 ? 200 : 503).end();
  });
  const address = server.url.slice("http:".length);
  await waitOn({ resources: [`http-get:${address}`], ...QUICK }, world());
  expect(asked).toEqual(["GET", "GET", "GET"]);
  await waitOn({ resources: [`http:${address}`], ...QUICK }, world());
  expect(asked.at(-1)).toBe("HEAD");
});

test("what is awaited may also be gone", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "lock");
  writeFileSync(file, "");
  const options = { resources: [file], reverse: true, interval: 10, window: 0 };
  await expect(waitOn({ ...options, timeout: 1 }, world())).rejects.toMatchObject({
    code: "timeout",
    message: `${file}: still there after 1 ms`,
  });
  const waited = waitOn(options, world());
  rmSync(file);
  await expect(waited).resolves.toBeUndefined();
});

test("what is still wanting when the time is over is named, and only that", async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "here"), "");
  const options = { resources: ["here", "gone", "tcp:127.0.0.1:1"], interval: 10, window: 0, timeout: 40 };
  await expect(waitOn(options, world(folder.path))).rejects.toMatchObject({
    code: "timeout",
    message: "gone, tcp:127.0.0.1:1: not there after 40 ms",
  });
});

test("a stop ends the waiting, before the first look too", async () => {
  const stop = new AbortController();
  const waiting = [
    waitOn({ resources: "gone", interval: 60_000 }, world("/", stop.signal)),
    waitOn({ resources: "gone", delay: 60_000 }, world("/", stop.signal)),
  ];
  stop.abort(new Error("stopped"));
  for (const waited of waiting) await expect(waited).rejects.toThrow();
});

test("what is no port and no address is said at once", async () => {
  await expect(waitOn({ resources: "tcp:nowhere" }, world())).rejects.toThrow('"tcp:nowhere" names no port');
  await expect(answers("nowhere", "GET", 1_000, world())).rejects.toThrow('"nowhere" is no address');
});
