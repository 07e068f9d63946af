import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { net } from "../../../src/runtime/methods/net.js";
import { callChecked, fakeContext } from "../../helpers/fake-context.js";
import { fileServer } from "../../helpers/file-server.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** Answers with what it was asked. */
function echo(request: IncomingMessage, response: ServerResponse): void {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const { method, url, headers } = request;
    if (url === "/text") return response.end("plain text");
    if (url === "/gone") return response.writeHead(404).end("nothing here");
    if (url === "/to-echo") return response.writeHead(302, { location: "/echo" }).end();
    if (url === "/to-secret") return response.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
    const body = Buffer.concat(pieces).toString("utf8");
    response.setHeader("content-type", "application/json");
    return response.end(
      JSON.stringify({
        method,
        url,
        type: headers["content-type"],
        x: headers["x-probe"],
        auth: headers.authorization,
        body,
      }),
    );
  });
}

async function ask(params: Record<string, unknown>, name: keyof typeof net = "bare"): Promise<unknown> {
  await using server = await fileServer(echo);
  return await callChecked(net[name], { ...params, url: `${server.url}${String(params["url"])}` }, fakeContext());
}

test("the bare method gives the body", async () => {
  expect(await ask({ url: "/text" })).toBe("plain text");
  expect(await ask({ url: "/q", params: { a: "b c", n: null, l: [1, 2] } })).toMatchObject({
    method: "GET",
    url: "/q?a=b+c&l%5B%5D=1&l%5B%5D=2",
  });
  expect(await ask({ url: "/text", responseType: "arraybuffer" })).toEqual(Buffer.from("plain text"));
  expect(await ask({ url: "/to-echo" })).toMatchObject({ url: "/echo" });
});

test.each([
  [{ data: { a: 1 } }, "application/json", '{"a":1}'],
  [{ data: "a=1" }, "application/x-www-form-urlencoded", "a=1"],
  [{ data: { a: "b c" }, headers: { "Content-Type": "application/x-www-form-urlencoded" } }, /urlencoded/, /^a=b\+c$/],
  [
    { data: { a: "b" }, headers: { "Content-Type": "multipart/form-data" } },
    /multipart\/form-data; boundary/,
    /name="a"/,
  ],
])("%j is sent as %s", async (params, type, body) => {
  const said = await ask({ url: "/x", method: "post", ...params });
  expect(said).toMatchObject({ method: "POST", type: expect.stringMatching(type), body: expect.stringMatching(body) });
});

test("headers and a login are sent", async () => {
  const said = await ask({ url: "/x", headers: { "X-Probe": 5 }, auth: { username: "u", password: "p" } });
  expect(said).toMatchObject({ x: "5", auth: "Basic dTpw" });
});

test("what a server refuses is an error, unless the status is asked for", async () => {
  await expect(ask({ url: "/gone" })).rejects.toThrow("404: nothing here");
  expect(await ask({ url: "/gone" }, "request")).toMatchObject({ status: 404, body: "nothing here" });
});

test("a closed port is an error with its reason", async () => {
  await expect(callChecked(net.bare, { url: "http://127.0.0.1:59/" }, fakeContext())).rejects.toThrow("ECONNREFUSED");
  await expect(callChecked(net.bare, { url: "no address" }, fakeContext())).rejects.toMatchObject({
    code: "script-invalid",
  });
});

test.each(["http://169.254.169.254/latest/meta-data", "http://[fe80::1]/", "http://[::ffff:169.254.169.254]/"])(
  "%s is refused",
  async (url) => {
    await expect(callChecked(net.request, { url }, fakeContext())).rejects.toThrow("refused");
    await expect(callChecked(net.download, { url, path: "x" }, fakeContext())).rejects.toThrow("refused");
  },
);

test("also when a redirect leads there", async () => {
  await expect(ask({ url: "/to-secret" })).rejects.toThrow("refused");
});

test("download and upload move files", async () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, "d"));
  writeFileSync(join(folder.path, "up.txt"), "content");
  await using server = await fileServer(echo);
  const context = fakeContext({ cwd: folder.path });
  const got = await callChecked(net.download, { url: `${server.url}/text`, path: "d/t.txt" }, context);
  expect(got).toMatchObject({ bytes: 10, path: join(folder.path, "d/t.txt") });
  expect(readFileSync(join(folder.path, "d/t.txt"), "utf8")).toBe("plain text");
  const form = await callChecked(net.upload, { url: `${server.url}/x`, file: "up.txt" }, context);
  expect(form).toMatchObject({ status: 200, body: { body: expect.stringContaining('filename="up.txt"') } });
  const raw = await callChecked(net.upload, { url: `${server.url}/x`, file: "up.txt", method: "put" }, context);
  expect(raw).toMatchObject({ body: { method: "PUT", body: "content" } });
});
