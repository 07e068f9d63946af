import { expect, test } from "@jest/globals";
import { createMemoryTransport, type MemoryPeer } from "../../../src/runtime/client/memory-transport.js";
import { createSidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import { packOutput } from "../../../src/runtime/protocol/frames.js";
import { RunId, StreamId } from "../../../src/runtime/protocol/ids.js";
import { fakeTimers } from "../../helpers/fake-timers.js";
import { sampleRun } from "../../helpers/samples.js";

const welcome = { t: "welcome", protocol: 1, version: "1.2.3", home: "/h", epoch: "e1", now: 7_000, mode: "full" };
const empty = {
  apps: [],
  runs: [],
  jobs: [],
  environments: { changes: 0, active: null },
  notices: [],
  mode: "full",
  modeReason: null,
};

/** A far end that is played by hand. */
function setUp(options: { refuseFirst?: boolean } = {}) {
  const timers = fakeTimers();
  const peers: MemoryPeer[] = [];
  const heard: Record<string, unknown>[] = [];
  const transport = createMemoryTransport((peer) => {
    peers.push(peer);
    peer.onFrame((frame) => heard.push(JSON.parse(frame as string) as Record<string, unknown>));
    if (options.refuseFirst === true && peers.length === 1) peer.drop("not yet");
  });
  const client = createSidecarClient({ transport, timers, client: { name: "test", version: "0" } });
  const say = (message: unknown, peer = peers.at(-1)!) => peer.send(JSON.stringify(message));
  const settle = () => timers.advance(0);
  return { timers, peers, heard, client, say, settle };
}

async function connected() {
  const all = setUp();
  await all.settle();
  all.say(welcome);
  all.say({ t: "snapshot", seq: 5, state: empty });
  await all.settle();
  return all;
}

test("says hello, is welcomed and holds the snapshot", async () => {
  const { client, heard } = await connected();
  expect(heard[0]).toMatchObject({ t: "hello", protocol: [1, 1], resume: null, events: true });
  expect(client.connection).toEqual({ kind: "connected", version: "1.2.3", home: "/h", mode: "full" });
  expect(client.state).toEqual(empty);
  expect(client.clockAheadMs).toBe(7_000);
});

test("a request made before the connection waits for it", async () => {
  const { client, say, heard, settle } = setUp();
  const answer = client.request("runs.list", {});
  await settle();
  say(welcome);
  await settle();
  const call = heard.find(({ t }) => t === "q")!;
  expect(call).toMatchObject({ m: "runs.list", a: [{}] });
  say({ t: "s", i: call["i"], r: { ok: true, value: [sampleRun()] } });
  expect(await answer).toEqual([sampleRun()]);
});

test("an error reply is thrown with code, sentence and hint", async () => {
  const { client, say, heard, settle } = await connected();
  const answer = client.request("apps.list", {});
  await settle();
  const error = { code: "home-read-only", message: "Not here", hint: "Elsewhere" };
  say({ t: "s", i: heard.at(-1)!["i"], r: { ok: false, error } });
  await expect(answer).rejects.toMatchObject(error);
});

test("a lost connection is made again with the last event seen, and keeps what was known meanwhile", async () => {
  const { client, say, peers, heard, timers } = await connected();
  say({ t: "event", seq: 6, event: { type: "run-changed", run: sampleRun() } });
  await timers.advance(0);
  peers[0]!.drop("The server went away");
  await timers.advance(0);
  expect(client.connection).toMatchObject({ kind: "waiting", message: "The server went away" });
  expect(client.state!.runs).toHaveLength(1);
  await timers.advance(300);
  expect(peers).toHaveLength(2);
  expect(heard.at(-1)).toMatchObject({ t: "hello", resume: { epoch: "e1", seq: 6 } });
});

test("in another epoch the old events mean nothing", async () => {
  const { client, say, peers, heard, timers } = await connected();
  peers[0]!.drop("gone");
  await timers.advance(300);
  say({ ...welcome, epoch: "e2" });
  say({ t: "snapshot", seq: 1, state: { ...empty, runs: [sampleRun()] } });
  await timers.advance(0);
  expect(client.state!.runs).toHaveLength(1);
  peers[1]!.drop("gone");
  await timers.advance(300);
  expect(heard.at(-1)).toMatchObject({ resume: { epoch: "e2", seq: 1 } });
});

test("a request in flight fails in words when the connection is lost", async () => {
  const { client, peers, settle } = await connected();
  const answer = client.request("apps.list", {});
  const checked = expect(answer).rejects.toMatchObject({ code: "not-connected", message: "cut" });
  await settle();
  peers[0]!.drop("cut");
  await settle();
  await checked;
});

test("a refusal that repeating cannot change is final until somebody asks again", async () => {
  const { client, say, timers, peers } = setUp();
  await timers.advance(0);
  say({ t: "refused", error: { code: "protocol-mismatch", message: "Too old", hint: "Update" } });
  await timers.advance(60_000);
  expect(client.connection).toEqual({
    kind: "given-up",
    error: { code: "protocol-mismatch", message: "Too old", hint: "Update" },
  });
  expect(peers).toHaveLength(1);
  await expect(client.request("apps.list", {})).rejects.toMatchObject({ code: "protocol-mismatch" });
  client.retryNow();
  await timers.advance(0);
  expect(peers).toHaveLength(2);
});

test("a sidecar that falls silent is given up after 45 seconds and connected to again", async () => {
  const { client, heard, peers, timers } = await connected();
  await timers.advance(16_000);
  expect(heard.at(-1)).toEqual({ t: "ping" });
  await timers.advance(50_000);
  expect(peers.length).toBeGreaterThan(1);
  expect(client.connection.kind).toBe("connecting");
});

test("a hidden page, woken once a minute, keeps its connection as long as its pings are answered", async () => {
  const { client, heard, peers, say, timers } = await connected();
  for (let minute = 0; minute < 5; minute++) {
    await timers.advance(15_000); // the ping goes out
    say({ t: "pong" });
    await timers.advance(0);
    expect(heard.at(-1)).toEqual({ t: "ping" });
    timers.sleep(60_000); // nothing runs meanwhile
  }
  await timers.advance(0);
  expect(client.connection.kind).toBe("connected");
  expect(peers).toHaveLength(1);
});

test("a farewell is what the person reads", async () => {
  const { client, say, peers, timers } = await connected();
  say({ t: "bye", reason: "Everything was stopped" });
  await timers.advance(0);
  peers[0]!.drop("socket closed");
  await timers.advance(0);
  expect(client.connection).toMatchObject({ kind: "waiting", message: "Everything was stopped" });
});

test("a sidecar that a person ended is not started again by coming back", async () => {
  const { client, say, peers, timers } = await connected();
  say({ t: "bye", reason: "Everything was stopped", asked: true });
  await timers.advance(0);
  peers[0]!.drop("socket closed");
  await timers.advance(60_000);
  expect(peers).toHaveLength(1);
  expect(client.connection).toMatchObject({ kind: "given-up", error: { message: "Everything was stopped" } });
  client.retryNow();
  await timers.advance(0);
  expect(peers).toHaveLength(2);
});

const runId = RunId.parse("run_000000000001");
const bytes = (text: string) => new TextEncoder().encode(text);

/** Answers the newest `output.open` and tells the stream's number. */
async function answerOpen(all: Awaited<ReturnType<typeof connected>>, offset: number, size: number): Promise<StreamId> {
  await all.settle();
  const call = all.heard.findLast(({ m }) => m === "output.open")!;
  all.say({ t: "s", i: call["i"], r: { ok: true, value: { offset, size } } });
  await all.settle();
  return StreamId.parse((call["a"] as { stream: number }[])[0]!.stream);
}

test("output arrives in order, credit goes back only when the viewer is done, and not for every byte", async () => {
  const all = await connected();
  const seen: string[] = [];
  let finish = () => {};
  const listener = {
    onBytes: (chunk: Uint8Array, offset: number) => {
      seen.push(`${offset}:${new TextDecoder().decode(chunk)}`);
      return new Promise<void>((resolve) => (finish = resolve));
    },
  };
  all.client.openOutput(runId, listener, { windowBytes: 32 });
  const stream = await answerOpen(all, 0, 6);
  all.peers[0]!.send(packOutput(stream, 0, bytes("abc")));
  all.peers[0]!.send(packOutput(stream, 3, bytes("def")));
  await all.settle();
  expect(seen).toEqual(["0:abc"]);
  expect(all.heard.filter(({ t }) => t === "credit")).toEqual([]);
  finish();
  await all.settle();
  expect(seen).toEqual(["0:abc", "3:def"]);
  expect(all.heard.filter(({ t }) => t === "credit")).toEqual([]);
  finish();
  await all.settle();
  expect(all.heard.filter(({ t }) => t === "credit")).toEqual([{ t: "credit", stream, bytes: 6 }]);
});

test("after a reconnection output goes on at the byte that is missing", async () => {
  const all = await connected();
  const seen: string[] = [];
  all.client.openOutput(runId, { onBytes: (chunk) => void seen.push(new TextDecoder().decode(chunk)) });
  const stream = await answerOpen(all, 0, 3);
  all.peers[0]!.send(packOutput(stream, 0, bytes("abc")));
  await all.settle();
  all.peers[0]!.drop("gone");
  await all.timers.advance(300);
  all.say(welcome);
  await all.settle();
  const call = all.heard.findLast(({ m }) => m === "output.open")!;
  expect(call["a"]).toMatchObject([{ offset: 3 }]);
  const again = await answerOpen(all, 3, 6);
  all.peers[1]!.send(packOutput(again, 3, bytes("def")));
  all.say({ t: "end", stream: again, offset: 6 });
  await all.settle();
  expect(seen).toEqual(["abc", "def"]);
});

test("bytes that came before the answer to open are not lost", async () => {
  const all = await connected();
  const seen: string[] = [];
  all.client.openOutput(runId, { onBytes: (chunk) => void seen.push(new TextDecoder().decode(chunk)) }, { offset: -3 });
  await all.settle();
  const call = all.heard.findLast(({ m }) => m === "output.open")!;
  const [{ stream }] = call["a"] as [{ stream: number }];
  all.peers[0]!.send(packOutput(StreamId.parse(stream), 7, bytes("xyz")));
  all.say({ t: "s", i: call["i"], r: { ok: true, value: { offset: 7, size: 10 } } });
  await all.settle();
  expect(seen).toEqual(["xyz"]);
});

test("a closed client asks for nothing more", async () => {
  const { client, timers, peers } = await connected();
  client.close();
  await timers.advance(120_000);
  expect(peers).toHaveLength(1);
  await expect(client.request("apps.list", {})).rejects.toMatchObject({ code: "not-connected" });
});
