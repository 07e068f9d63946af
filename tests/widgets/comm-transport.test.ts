import { beforeEach, expect, jest, test } from "@jest/globals";
import type { Channel, ChannelListener } from "../../src/runtime/client/transport.js";
import type { WireError } from "../../src/runtime/protocol/errors.js";
import type { Frame } from "../../src/runtime/protocol/frames.js";
import { createCommTransport } from "../../src/widgets/comm-transport.js";
import { fakeTimers } from "../helpers/fake-timers.js";
import { FakeModel } from "../helpers/fake-model.js";

let model: FakeModel;
let timers: ReturnType<typeof fakeTimers>;
let frames: Frame[];
let closed: WireError[];
let listener: ChannelListener;

beforeEach(() => {
  model = new FakeModel();
  timers = fakeTimers();
  frames = [];
  closed = [];
  listener = { onFrame: (frame) => frames.push(frame), onClosed: (reason) => closed.push(reason) };
});

const transport = () => createCommTransport(model, timers);
const lastView = () => (model.sent.at(-1)?.content as { view: string }).view;

async function open(): Promise<{ channel: Channel; view: string }> {
  const opening = transport().open(listener);
  const view = lastView();
  model.receive({ t: "opened", view });
  const channel = await opening;
  model.sent.length = 0;
  return { channel, view };
}

const text = (buffer: Uint8Array | undefined) => new TextDecoder().decode(buffer);

test("opening asks the kernel and waits for its answer", async () => {
  const opening = transport().open(listener);
  expect(model.sent).toEqual([{ content: { t: "open", view: expect.any(String) }, buffers: [] }]);
  let open = false;
  void opening.then(() => (open = true));
  model.receive({ t: "opened", view: "another" });
  await timers.advance(0);
  expect(open).toBe(false);
  model.receive({ t: "opened", view: lastView() });
  await opening;
});

test("every opening has a number of its own", async () => {
  const { view } = await open();
  expect((await open()).view).not.toBe(view);
});

test("the first frame after a silence leaves at once, those that follow together", async () => {
  const { channel, view } = await open();
  channel.send("one");
  expect(model.sent).toHaveLength(1);
  channel.send("two");
  channel.send(new Uint8Array([1, 2]));
  expect(model.sent).toHaveLength(1);
  await timers.advance(50);
  expect(model.sent.map(({ content }) => content)).toEqual([
    { t: "frames", view, kinds: [0] },
    { t: "frames", view, kinds: [0, 1] },
  ]);
  expect(text(model.sent[0]?.buffers[0])).toBe("one");
  expect(text(model.sent[1]?.buffers[0])).toBe("two");
  expect([...(model.sent[1]?.buffers[1] ?? [])]).toEqual([1, 2]);
  await timers.advance(1000);
  channel.send("three");
  expect(model.sent).toHaveLength(3);
});

test("never more than 20 messages a second", async () => {
  const { channel } = await open();
  for (let ms = 0; ms < 1000; ms++) {
    channel.send(`${ms}`);
    await timers.advance(1);
  }
  await timers.advance(50);
  expect(model.sent.length).toBeLessThanOrEqual(21);
  expect(model.sent.flatMap(({ buffers }) => buffers).map(text)).toEqual(
    Array.from({ length: 1000 }, (_, ms) => `${ms}`),
  );
});

test("a buffer holds its frame and nothing of the memory around it", async () => {
  const { channel } = await open();
  channel.send(new Uint8Array([0, 1, 2, 3, 4, 5]).subarray(2, 4));
  expect([...new Uint8Array(model.sent[0]?.buffers[0]?.buffer ?? new ArrayBuffer(0))]).toEqual([2, 3]);
});

test("frames from the kernel are handed on in order and then acknowledged", async () => {
  const { view } = await open();
  const order: string[] = [];
  listener.onFrame = (frame) => order.push(`frame ${typeof frame === "string" ? frame : [...frame].join(",")}`);
  model.onSend = ({ content }) => order.push(JSON.stringify(content));
  const memory = new Uint8Array([9, 9, 7, 8, 9]);
  model.receive({ t: "frames", view, batch: 4, kinds: [0, 1] }, [
    new DataView(new TextEncoder().encode("grüß").buffer),
    new DataView(memory.buffer, 2, 2),
  ]);
  expect(order).toEqual(["frame grüß", "frame 7,8", JSON.stringify({ t: "ack", view, batch: 4 })]);
});

test("messages for other views and messages that nobody knows are left alone", async () => {
  const { view } = await open();
  model.receive({ t: "frames", view: "another", batch: 1, kinds: [0] }, [new DataView(new ArrayBuffer(1))]);
  model.receive({ t: "bundle", hash: "x" }, [new DataView(new ArrayBuffer(1))]);
  model.receive({ t: "news", view });
  model.receive("not a message");
  expect(frames).toEqual([]);
  expect(model.sent).toEqual([]);
});

test("a kernel that does not answer is told after 20 seconds", async () => {
  const opening = transport().open(listener);
  const failed = expect(opening).rejects.toMatchObject({
    code: "not-connected",
    message: "The kernel does not answer: it is busy or was ended",
    hint: "Wait for the running cell, or run the setup cell again",
  });
  await timers.advance(20_000);
  await failed;
  expect(model.listeners()).toBe(0);
});

test("a bridge that cannot reach the sidecar says why", async () => {
  const opening = transport().open(listener);
  model.receive({
    t: "closed",
    view: lastView(),
    code: "sidecar-start-failed",
    message: "The sidecar did not start",
    hint: "Look at the log",
  });
  await expect(opening).rejects.toMatchObject({
    code: "sidecar-start-failed",
    message: "The sidecar did not start",
    hint: "Look at the log",
  });
});

test("a close from the kernel is passed on once, with its reason", async () => {
  const { channel, view } = await open();
  model.receive({ t: "closed", view, code: "something-newer", message: "The sidecar ended", hint: null });
  model.receive({ t: "closed", view, code: "internal", message: "Again" });
  channel.send("late");
  expect(closed).toEqual([{ code: "not-connected", message: "The sidecar ended" }]);
  expect(model.sent).toEqual([]);
  expect(model.listeners()).toBe(0);
});

test.each(["comm:close", "comm_live_update"])("a restarted kernel (%s) ends the session in words", async (event) => {
  await open();
  model.trigger(event);
  expect(closed).toEqual([
    { code: "session-ended", message: "The kernel was restarted", hint: "Run the setup cell to reconnect" },
  ]);
});

test("a comm that is still live is no reason to end", async () => {
  model.comm_live = true;
  await open();
  model.trigger("comm_live_update");
  expect(closed).toEqual([]);
});

test("a saved notebook without a kernel is told at once", async () => {
  model.comm_live = false;
  await expect(transport().open(listener)).rejects.toMatchObject({ code: "session-ended" });
});

test("a comm that refuses to send means that the kernel is gone", async () => {
  const { channel } = await open();
  model.send = jest.fn(() => {
    throw new Error("Cannot send");
  });
  channel.send("hello");
  expect(closed).toMatchObject([{ code: "session-ended" }]);
});

test("closing tells the kernel and leaves no listener behind", async () => {
  const { channel, view } = await open();
  channel.close();
  channel.close();
  expect(model.sent.map(({ content }) => content)).toEqual([{ t: "close", view }]);
  expect(model.listeners()).toBe(0);
  expect(closed).toEqual([]);
});
