import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { jsonIndex } from "../../../../src/runtime/catalog/sources/json-index.js";
import type { CatalogSource } from "../../../../src/runtime/catalog/sources/source.js";
import { PinokioError, toWireError } from "../../../../src/runtime/protocol/errors.js";
import { catalogWorld } from "../../../helpers/catalog-world.js";
import { fileServer } from "../../../helpers/file-server.js";
import { temporaryFolder } from "../../../helpers/temporary-folder.js";

const app = (id: string) => ({ id, name: `App ${id}`, repo: `https://example.org/owner/${id}` });
const indexOf = (...ids: string[]) => JSON.stringify({ version: 1, apps: ids.map(app) });
const signal = new AbortController().signal;

const refresh = (source: CatalogSource) => source.refresh!(signal);
const namesOf = async (source: CatalogSource) => (await source.read()).packages.map(({ id }) => id);

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function withServer(
  answer: Answer,
  use: (
    source: CatalogSource,
    place: { url: string; home: string; asked: IncomingHttpHeaders[]; again(): CatalogSource },
  ) => Promise<void>,
): Promise<void> {
  using home = temporaryFolder();
  const asked: IncomingHttpHeaders[] = [];
  await using server = await fileServer((request, response) => {
    asked.push(request.headers);
    answer(request, response);
  });
  const { world } = catalogWorld(home.path);
  const url = `${server.url}/index.json`;
  const open = () => jsonIndex.open({ id: "there", kind: "index", address: url }, world);
  await use(open(), { url, home: home.path, asked, again: open });
}

async function refusal(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error: unknown = await work.then(
    () => new Error("it was not refused"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PinokioError);
  const { code, message } = toWireError(error);
  return { code, message };
}

test("it is fetched, kept, and read without a network by the next sidecar", async () => {
  let body = indexOf("a", "b");
  await withServer(
    (_, response) => void response.end(body),
    async (source, { again }) => {
      expect(await namesOf(source)).toEqual([]);
      expect(await refresh(source)).toEqual({ changed: true });
      expect(await namesOf(source)).toEqual(["there/a", "there/b"]);
      body = "gone";
      const next = again();
      expect(await namesOf(next)).toEqual(["there/a", "there/b"]);
      expect((await next.read()).date).toMatch(/^\d{4}-\d\d-\d\dT/);
    },
  );
});

test("what has not changed is not fetched again: the server's own tags are asked with", async () => {
  await withServer(
    (request, response) => {
      const isKnown = request.headers["if-none-match"] === '"one"';
      response.writeHead(isKnown ? 304 : 200, { etag: '"one"', "last-modified": "Fri, 20 Nov 2026 10:00:00 GMT" });
      response.end(isKnown ? undefined : indexOf("a"));
    },
    async (source, { asked, again }) => {
      expect(await refresh(source)).toEqual({ changed: true });
      expect(await refresh(again())).toEqual({ changed: false });
      expect(asked[1]).toMatchObject({
        "if-none-match": '"one"',
        "if-modified-since": "Fri, 20 Nov 2026 10:00:00 GMT",
      });
      expect(await namesOf(source)).toEqual(["there/a"]);
    },
  );
});

test("entries that are wrong are skipped and told; the rest is there", async () => {
  await withServer(
    (_, response) => void response.end(JSON.stringify({ version: 1, apps: [app("a"), 7, { id: "x" }, app("a")] })),
    async (source) => {
      await refresh(source);
      const { packages, skipped, problems } = await source.read();
      expect(packages).toHaveLength(1);
      expect(skipped).toBe(3);
      expect(problems).toHaveLength(3);
    },
  );
});

test.each<[string, Answer, string, RegExp]>([
  ["no JSON", (_, response) => void response.end("<html>"), "source-unreadable", /is no JSON but begins with "<html>"/],
  ["a list", (_, response) => void response.end("[]"), "source-unreadable", /is no index of packages/],
  ["another version", (_, response) => void response.end('{"version":2,"apps":[]}'), "source-unreadable", /version/],
  [
    "only garbage",
    (_, response) => void response.end('{"version":1,"apps":[1,2]}'),
    "source-unreadable",
    /none of its 2/,
  ],
  ["404", (_, response) => void response.writeHead(404).end(), "network-failed", /answers 404/],
  ["500", (_, response) => void response.writeHead(500).end("oops"), "network-failed", /answers 500/],
  ["a connection that breaks", (request) => void request.socket.destroy(), "network-failed", /did not answer/],
  [
    "one of 100 MB, as it says itself",
    (_, response) => {
      response.writeHead(200, { "content-length": 100 * 1024 * 1024 });
      response.write("{");
    },
    "network-failed",
    /too large: 100 MB/,
  ],
  [
    "one that does not end",
    (_, response) => {
      const piece = Buffer.alloc(1024 * 1024, 32);
      const more = () => {
        while (!response.destroyed && response.write(piece));
      };
      response.on("drain", more);
      more();
    },
    "network-failed",
    /too large: more than 32 MB/,
  ],
  [
    "one that leads elsewhere",
    (_, response) => void response.writeHead(302, { location: "http://localhost:1/index.json" }).end(),
    "network-failed",
    /leads elsewhere: to http:\/\/localhost:1\/index.json/,
  ],
  [
    "one that leads to a file",
    (_, response) => void response.writeHead(302, { location: "file:///etc/passwd" }).end(),
    "network-failed",
    /leads elsewhere: to file:\/\/\/etc\/passwd/,
  ],
  [
    "one that leads in a circle",
    (_, response) => void response.writeHead(302, { location: "/index.json" }).end(),
    "network-failed",
    /leads on more than 5 times/,
  ],
])("%s is refused in a sentence, and what was fetched before stays", async (_, answer, code, sentence) => {
  let isBad = false;
  await withServer(
    (request, response) => (isBad ? answer(request, response) : void response.end(indexOf("a"))),
    async (source, { url }) => {
      await refresh(source);
      isBad = true;
      const refused = await refusal(refresh(source));
      expect(refused.code).toBe(code);
      expect(refused.message).toMatch(sentence);
      expect(refused.message).toContain(url);
      expect(await namesOf(source)).toEqual(["there/a"]);
    },
  );
});

test("within its own host it may lead on", async () => {
  await withServer(
    (request, response) => {
      if (request.url === "/index.json") response.writeHead(301, { location: "/v2/index.json" }).end();
      else response.end(indexOf("moved"));
    },
    async (source) => {
      await refresh(source);
      expect(await namesOf(source)).toEqual(["there/moved"]);
    },
  );
});

test("addresses behind which machines keep their secrets are never asked", async () => {
  using home = temporaryFolder();
  const { world } = catalogWorld(home.path);
  const source = jsonIndex.open({ id: "x", kind: "index", address: "http://169.254.169.254/latest" }, world);
  expect((await refusal(refresh(source))).message).toMatch(/169\.254\.169\.254 is refused/);
});

test("what was kept and is broken is set aside, told, and fetched anew", async () => {
  using home = temporaryFolder();
  const { world, problems } = catalogWorld(home.path);
  await using server = await fileServer((_, response) => void response.end(indexOf("a")));
  const source = jsonIndex.open({ id: "there", kind: "index", address: `${server.url}/i.json` }, world);
  await refresh(source);
  const file = join(world.kept, "there.json");
  writeFileSync(file, readFileSync(file, "utf8").slice(0, 50));
  expect(await namesOf(source)).toEqual([]);
  expect(problems.map(({ code }) => code)).toEqual(["state-unreadable"]);
  expect(readdirSync(world.kept)).toHaveLength(1);
  await refresh(source);
  expect(await namesOf(source)).toEqual(["there/a"]);
});

test("it is asked by itself once a day, and who is offline is asked once for each start", async () => {
  using home = temporaryFolder();
  let now = new Date("2026-11-20T10:00:00Z");
  const { world } = catalogWorld(home.path, { now: () => now });
  await using server = await fileServer((_, response) => void response.end(indexOf("a")));
  const open = (address: string) => jsonIndex.open({ id: "there", kind: "index", address }, world);
  const source = open(`${server.url}/i.json`);
  expect(source.isStale!()).toBe(true);
  await refresh(source);
  expect(open(source.address!).isStale!()).toBe(false);
  now = new Date("2026-11-21T11:00:00Z");
  expect(open(source.address!).isStale!()).toBe(true);
  const gone = open("http://127.0.0.1:9/i.json");
  await refusal(refresh(gone));
  expect(gone.isStale!()).toBe(false);
});

test("another address under the same name begins anew, and what is forgotten is gone", async () => {
  await withServer(
    (_, response) => void response.end(indexOf("a")),
    async (source, { home, url }) => {
      await refresh(source);
      const { world } = catalogWorld(home);
      const other = jsonIndex.open({ id: "there", kind: "index", address: `${url}?2` }, world);
      expect(await namesOf(other)).toEqual([]);
      source.forget!();
      expect(existsSync(join(world.kept, "there.json"))).toBe(false);
    },
  );
});

test("a login in an address is not taken: it would be kept and shown", () => {
  const { world } = catalogWorld("/nowhere");
  expect(jsonIndex.addressOf("https://me:secret@example.org/i.json", world, false)).toBeNull();
  expect(jsonIndex.addressOf("https://example.org/i.json#part", world, false)).toBe("https://example.org/i.json");
  expect(jsonIndex.addressOf("ftp://example.org/i.json", world, false)).toBeNull();
});
