import { beforeEach, expect, test } from "@jest/globals";
import type { ServerConnection } from "@jupyterlab/services";
import type { ChannelListener } from "../../src/runtime/client/transport.js";
import type { WireError } from "../../src/runtime/protocol/errors.js";
import type { Frame } from "../../src/runtime/protocol/frames.js";
import { createServerTransport, reasonOfClose } from "../../src/labextension/server-transport.js";

/** A WebSocket that the test opens and closes. */
class FakeSocket {
  static latest: FakeSocket;
  static readonly OPEN = 1;
  binaryType = "blob";
  readyState = 0;
  sent: unknown[] = [];
  closedByUs = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(readonly url: string) {
    FakeSocket.latest = this;
  }

  send(frame: unknown): void {
    this.sent.push(frame);
  }

  close(): void {
    this.closedByUs = true;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
}

/** jsdom has none. */
class FakeRequest {
  readonly headers = { append: () => undefined, has: () => true };
  constructor(readonly url: string) {}
}

const HEALTHY = { version: "0.1.0", protocol: 1, server_proxy: true, sidecar: null, error: null };

let closed: WireError[];
let frames: Frame[];
let listener: ChannelListener;
let answer: () => Response | Promise<Response>;

beforeEach(() => {
  closed = [];
  frames = [];
  listener = { onFrame: (frame) => frames.push(frame), onClosed: (reason) => closed.push(reason) };
  answer = () => respond(200, HEALTHY);
});

const respond = (status: number, body: unknown, redirected = false) =>
  ({ ok: status < 300, status, redirected, json: () => Promise.resolve(body) }) as Response;

const settings = (change: Partial<ServerConnection.ISettings> = {}) =>
  ({
    init: {},
    baseUrl: "http://hub.example/user/x/",
    wsUrl: "ws://hub.example/user/x/",
    token: "a b",
    appendToken: false,
    WebSocket: FakeSocket as unknown as typeof WebSocket,
    Request: FakeRequest as unknown as typeof Request,
    fetch: async (request) => {
      expect((request as Request).url).toMatch(/^http:\/\/hub\.example\/user\/x\/pinokiocloud\/api\/health/);
      return await answer();
    },
    ...change,
  }) as ServerConnection.ISettings;

async function open() {
  const opening = createServerTransport(settings()).open(listener);
  FakeSocket.latest.open();
  return { channel: await opening, socket: FakeSocket.latest };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 10));

test("the address keeps the base URL, and the token only where JupyterLab appends it", () => {
  void createServerTransport(settings()).open(listener);
  expect(FakeSocket.latest.url).toBe("ws://hub.example/user/x/pinokiocloud/ws");
  expect(FakeSocket.latest.binaryType).toBe("arraybuffer");
  void createServerTransport(settings({ appendToken: true })).open(listener);
  expect(FakeSocket.latest.url).toBe("ws://hub.example/user/x/pinokiocloud/ws?token=a%20b");
});

test("one frame is one message, both ways", async () => {
  const { channel, socket } = await open();
  const bytes = new Uint8Array([1, 2]);
  channel.send("text");
  channel.send(bytes);
  expect(socket.sent).toEqual(["text", bytes]);
  socket.onmessage?.({ data: "back" });
  socket.onmessage?.({ data: new Uint8Array([3]).buffer });
  expect(frames).toEqual(["back", new Uint8Array([3])]);
});

test.each<[string, number, string, Partial<WireError> | null]>([
  [
    "the sidecar went",
    4001,
    "The sidecar ended or closed the connection",
    { code: "not-connected", message: "The sidecar ended or closed the connection" },
  ],
  [
    "the sidecar did not start",
    4002,
    "node-missing: No Node.js was found",
    { code: "node-missing", message: "No Node.js was found" },
  ],
  [
    "the start failed in words of somebody newer",
    4002,
    "brand-new: Something: else",
    { code: "sidecar-start-failed", message: "Something: else" },
  ],
  ["the start failed without words", 4002, "", { code: "sidecar-start-failed", message: "The sidecar did not start" }],
  [
    "it was refused",
    4003,
    "protocol-mismatch: This relay is too old",
    { code: "protocol-mismatch", message: "This relay is too old" },
  ],
  ["it was refused without a code", 4003, "No", { code: "not-authorised", message: "No" }],
  ["the network broke", 1006, "", null],
])("why it closed: %s", (_, code, reason, error) => {
  const found = reasonOfClose(code, reason);
  if (error === null) expect(found).toBeNull();
  else expect(found).toMatchObject(error);
});

test("a close with a reason is passed on as it is", async () => {
  const { socket } = await open();
  socket.onclose?.({ code: 4001, reason: "The sidecar ended or closed the connection" });
  expect(closed).toEqual([{ code: "not-connected", message: "The sidecar ended or closed the connection" }]);
});

test("a broken connection to a healthy server is just that", async () => {
  const { socket } = await open();
  socket.onclose?.({ code: 1006, reason: "" });
  await settle();
  expect(closed).toEqual([{ code: "not-connected", message: "The connection to the Jupyter server was lost" }]);
});

test.each<[string, () => Response | Promise<Response>, Partial<WireError>]>([
  [
    "no server extension",
    () => respond(404, {}),
    {
      code: "server-extension-missing",
      hint: expect.stringContaining("jupyter server extension list") as unknown as string,
    },
  ],
  ["an expired session", () => respond(403, {}), { code: "not-authorised", hint: "Reload the page and log in again" }],
  ["a hub's page to log in", () => respond(200, {}, true), { code: "not-authorised" }],
  [
    "a server that is gone",
    () => Promise.reject(new TypeError("Failed to fetch")),
    { code: "not-connected", message: "The Jupyter server does not answer" },
  ],
  [
    "a server in trouble",
    () => respond(500, {}),
    { code: "not-connected", message: "The PinokioCloud server extension answered with status 500" },
  ],
  ["an answer that makes no sense", () => respond(200, { hello: 1 }), { code: "not-connected" }],
  [
    "a sidecar that does not start",
    () =>
      respond(200, {
        ...HEALTHY,
        error: { code: "home-not-writable", message: "/x cannot be written", hint: "Choose another" },
      }),
    { code: "home-not-writable", message: "/x cannot be written", hint: "Choose another" },
  ],
])("a WebSocket that cannot be opened is explained: %s", async (_, health, error) => {
  answer = health;
  const opening = createServerTransport(settings()).open(listener);
  FakeSocket.latest.onclose?.({ code: 1006, reason: "" });
  await expect(opening).rejects.toMatchObject(error);
});

test("WebSockets that never get through are called that, once it is sure", async () => {
  const transport = createServerTransport(settings());
  const refused = async () => {
    const opening = transport.open(listener);
    FakeSocket.latest.onclose?.({ code: 1006, reason: "" });
    return opening.then(
      () => null,
      (error: unknown) => error,
    );
  };
  expect(await refused()).toMatchObject({ message: "The connection to the Jupyter server was lost" });
  const kept = { message: expect.stringContaining("WebSockets"), hint: expect.stringContaining("pass on WebSockets") };
  expect(await refused()).toMatchObject(kept);
  answer = () => respond(403, {});
  expect(await refused()).toMatchObject({ code: "not-authorised" });
  answer = () => respond(200, HEALTHY);
  expect(await refused()).toMatchObject({ message: "The connection to the Jupyter server was lost" });
});

test("a refusal right after opening is passed on", async () => {
  const { socket } = await open();
  socket.onclose?.({ code: 4003, reason: "not-authorised: The token was wrong" });
  expect(closed).toEqual([{ code: "not-authorised", message: "The token was wrong" }]);
});

test("what we close ourselves is not reported", async () => {
  const { channel, socket } = await open();
  channel.close();
  expect(socket.closedByUs).toBe(true);
  expect(socket.onclose).toBeNull();
});
