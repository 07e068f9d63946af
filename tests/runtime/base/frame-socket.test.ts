import { createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { FrameError, type FrameSocket, frameSocket } from "../../../src/runtime/base/frame-socket.js";
import type { Frame } from "../../../src/runtime/protocol/frames.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** Two ends of a real socket; `near` speaks frames, `far` is raw. */
async function pair(
  listener: { onFrame?: (frame: Frame) => void; onClosed?: (error: Error | null) => void },
  options?: { maxFrameBytes: number },
) {
  const folder = temporaryFolder();
  const path = join(folder.path, "s");
  let near!: FrameSocket;
  const server = createServer((socket) => {
    near = frameSocket(socket, { onFrame: () => undefined, onClosed: () => undefined, ...listener }, options);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const far = await new Promise<Socket>((resolve) => {
    const socket = createConnection(path, () => resolve(socket));
  });
  while (near === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
  return {
    far,
    near,
    [Symbol.dispose]: () => {
      far.destroy();
      server.close();
      folder[Symbol.dispose]();
    },
  };
}

const raw = (kind: number, payload: Buffer) => {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(payload.length, 0);
  header.writeUInt8(kind, 4);
  return Buffer.concat([header, payload]);
};

test("frames arrive whole however the bytes are cut", async () => {
  const frames: Frame[] = [];
  using ends = await pair({ onFrame: (frame) => frames.push(frame) });
  const stream = Buffer.concat([raw(0, Buffer.from("héllo")), raw(1, Buffer.from([0, 255])), raw(0, Buffer.alloc(0))]);
  for (const byte of stream) {
    ends.far.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  while (frames.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(frames).toEqual(["héllo", Buffer.from([0, 255]), ""]);
});

test("a frame beyond the limit ends the connection with the reason", async () => {
  let closed: (error: Error | null) => void = () => undefined;
  const reason = new Promise<Error | null>((resolve) => (closed = resolve));
  using ends = await pair({ onClosed: (error) => closed(error) });
  ends.far.write(Buffer.from([255, 255, 255, 255, 0]));
  expect((await reason)?.message).toMatch(/4294967295 bytes/);
});

test("the limit can be smaller; what has just that size arrives, in however many pieces", async () => {
  const frames: Frame[] = [];
  let closed: (error: Error | null) => void = () => undefined;
  const reason = new Promise<Error | null>((resolve) => (closed = resolve));
  using ends = await pair(
    { onFrame: (frame) => frames.push(frame), onClosed: (error) => closed(error) },
    { maxFrameBytes: 1500 },
  );
  for (const byte of raw(1, Buffer.alloc(1500, 7))) {
    ends.far.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  while (frames.length < 1) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(frames).toEqual([Buffer.alloc(1500, 7)]);
  ends.far.write(raw(1, Buffer.alloc(1501)));
  expect(await reason).toBeInstanceOf(FrameError);
});
