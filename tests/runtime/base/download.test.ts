import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { download, type DownloadRequest, nameInHeader } from "../../../src/runtime/base/download.js";
import { fileServer } from "../../helpers/file-server.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const BODY = Buffer.from("0123456789".repeat(1000));
const SHA = createHash("sha256").update(BODY).digest("hex");

/** Serves `BODY`, with ranges; `breakAfter` bytes of the first answers are all that arrives. */
function serving({ cuts = 0, breakAfter = 4000, headers = {} as Record<string, string> } = {}) {
  const asked: string[] = [];
  let left = cuts;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
    asked.push(`${request.url ?? ""} ${request.headers.range ?? ""}`.trim());
    const from = range === null ? 0 : Number(range[1]);
    const shared = { etag: '"v1"', ...headers };
    response.writeHead(range === null ? 200 : 206, { ...shared, "content-length": BODY.length - from });
    if (left-- > 0)
      response.write(BODY.subarray(from, from + breakAfter), () => setTimeout(() => response.destroy(), 50));
    else response.end(BODY.subarray(from));
  };
  return { answer, asked };
}

const start = (request: Partial<DownloadRequest> & Pick<DownloadRequest, "url" | "to">) =>
  download({ signal: new AbortController().signal, firstWaitMs: 5, retries: 3, ...request });

test("a file arrives whole, under the name of its address", async () => {
  using folder = temporaryFolder();
  const { answer } = serving();
  await using server = await fileServer(answer);
  const result = await start({ url: `${server.url}/model%20a.bin?download=true`, to: { folder: folder.path } });
  expect(result).toEqual({ path: join(folder.path, "model a.bin"), bytes: BODY.length, sha256: SHA });
  expect(readdirSync(folder.path)).toEqual(["model a.bin"]);
});

test("the server's name wins and cannot leave the folder", async () => {
  using folder = temporaryFolder();
  const headers = { "content-disposition": 'attachment; filename="../../real.bin"' };
  await using server = await fileServer(serving({ headers }).answer);
  const { path } = await start({ url: `${server.url}/x`, to: { folder: folder.path } });
  expect(path).toBe(join(folder.path, "real.bin"));
});

test.each([
  ['attachment; filename="a b.bin"', "a b.bin"],
  ["attachment; filename=a.bin; size=3", "a.bin"],
  ["attachment; filename=\"x\"; filename*=UTF-8''na%C3%AFve.bin", "naïve.bin"],
  ["inline", null],
])("the name in %j is %j", (header, name) => {
  expect(nameInHeader(header)).toBe(name);
});

test("a connection that breaks goes on where it was", async () => {
  using folder = temporaryFolder();
  const { answer, asked } = serving({ cuts: 1 });
  await using server = await fileServer(answer);
  const waits: number[] = [];
  const path = join(folder.path, "a.bin");
  const onRetry = (_: string, waitMs: number): void => void waits.push(waitMs);
  expect((await start({ url: `${server.url}/a`, to: { path }, onRetry })).sha256).toBe(SHA);
  expect(readFileSync(path)).toEqual(BODY);
  expect(asked.at(-1)).toBe("/a bytes=4000-");
  expect(waits).toEqual([5]);
});

test("a whole file is not loaded again; one begun by somebody else is completed", async () => {
  using folder = temporaryFolder();
  const { answer, asked } = serving();
  await using server = await fileServer(answer);
  const path = join(folder.path, "a.bin");
  writeFileSync(path, BODY.subarray(0, 100));
  await start({ url: `${server.url}/a`, to: { path } });
  expect(asked.at(-1)).toBe("/a bytes=100-");
  expect(readFileSync(path)).toEqual(BODY);
  await start({ url: `${server.url}/a`, to: { path } });
  expect(asked).toHaveLength(3);
  expect(readdirSync(folder.path)).toEqual(["a.bin"]);
});

test("a file of another content is refused and not kept", async () => {
  using folder = temporaryFolder();
  await using server = await fileServer(serving().answer);
  const to = { path: join(folder.path, "a.bin") };
  await expect(start({ url: `${server.url}/a`, to, sha256: "0".repeat(64) })).rejects.toThrow(SHA);
  expect(readdirSync(folder.path)).toEqual([]);
});

test("a missing file fails at once, a busy server is asked again", async () => {
  using folder = temporaryFolder();
  let asked = 0;
  await using server = await fileServer((request, response) => {
    asked++;
    response.writeHead(request.url === "/gone" ? 404 : 503).end();
  });
  const to = { path: join(folder.path, "a.bin") };
  await expect(start({ url: `${server.url}/gone`, to })).rejects.toThrow("404");
  expect(asked).toBe(1);
  await expect(start({ url: `${server.url}/busy`, to })).rejects.toThrow("after 4 tries");
  expect(asked).toBe(5);
});

test("nothing arriving for long counts as a broken connection", async () => {
  using folder = temporaryFolder();
  await using server = await fileServer((_, response) => response.writeHead(200, { "content-length": 5 }).write("a"));
  const request = { url: server.url, to: { path: join(folder.path, "a") }, stallMs: 30, retries: 0 };
  await expect(start(request)).rejects.toThrow("nothing arrived");
});

test("what is no address fails before anything is asked", async () => {
  await expect(start({ url: "model.bin", to: { path: "/x" } })).rejects.toMatchObject({ code: "script-invalid" });
  await expect(start({ url: "file:///etc/passwd", to: { path: "/x" } })).rejects.toMatchObject({
    code: "script-invalid",
  });
});
