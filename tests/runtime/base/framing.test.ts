import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import { framingOf } from "../../../src/runtime/base/framing.js";

async function page(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: () => new Promise<void>((done) => void server.close(() => done())),
  };
}

test("what a page says about frames is read from its headers, where it leads to", async () => {
  await using server = await page((request, response) => {
    if (request.url === "/") return void response.writeHead(302, { location: "/app" }).end();
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Content-Security-Policy", "default-src 'self'; frame-ancestors 'self' https://a.example; x");
    response.end("hello");
  });
  expect(await framingOf(server.url)).toEqual({
    frameOptions: "DENY",
    frameAncestors: "'self' https://a.example",
  });
});

test("one that says nothing, or leads to another machine, forbids nothing", async () => {
  await using silent = await page((_, response) => response.end("hello"));
  await using away = await page((_, response) => response.writeHead(302, { location: "https://example.org/" }).end());
  const nothing = { frameOptions: null, frameAncestors: null };
  expect(await framingOf(silent.url.replace("127.0.0.1", "0.0.0.0"))).toEqual(nothing);
  expect(await framingOf(away.url)).toEqual(nothing);
});

test("only pages of this machine are asked", async () => {
  await expect(framingOf("https://example.org/")).rejects.toMatchObject({ code: "request-invalid" });
});
