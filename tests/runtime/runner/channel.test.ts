import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { frameSocket } from "../../../src/runtime/base/frame-socket.js";
import type { FromRunner } from "../../../src/runtime/protocol/channel.js";
import { openChannel } from "../../../src/runtime/runner/channel.js";
import { until } from "../../helpers/command-line.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const TOKEN = "7".repeat(64);

async function channel(folder: string, more: Partial<Parameters<typeof openChannel>[0]> = {}) {
  const path = join(folder, "r.sock");
  const tokenFile = join(folder, "token");
  writeFileSync(tokenFile, TOKEN);
  return openChannel({ path, tokenFile, run: () => sampleRun(), onStop: () => undefined, ...more });
}

function visit(folder: string, first: object) {
  const heard: FromRunner[] = [];
  let isClosed = false;
  const frames = frameSocket(connect(join(folder, "r.sock")), {
    onFrame: (frame) => void heard.push(JSON.parse(String(frame)) as FromRunner),
    onClosed: () => (isClosed = true),
  });
  frames.send(JSON.stringify(first));
  return { heard, frames, closed: () => until(() => isClosed, Boolean) };
}

const kinds = (heard: readonly FromRunner[]): string[] => heard.map(({ t }) => t);

test("what was told before anybody came is passed on, also when the run is over by then", async () => {
  using folder = temporaryFolder();
  const open = await channel(folder.path);
  open.tell("notify", { html: "early" });
  const closing = open.close();
  const sidecar = visit(folder.path, { t: "auth", token: TOKEN, serves: true });
  await closing;
  await sidecar.closed();
  expect(sidecar.heard.at(-1)).toEqual({ t: "tell", kind: "notify", params: { html: "early" } });
});

test("who only watches takes nothing away from who passes it on", async () => {
  using folder = temporaryFolder();
  const open = await channel(folder.path);
  open.tell("notify", {});
  const watcher = visit(folder.path, { t: "auth", token: TOKEN });
  await until(
    () => watcher.heard.length,
    (count) => count > 0,
  );
  const sidecar = visit(folder.path, { t: "auth", token: TOKEN, serves: true });
  await until(
    () => kinds(sidecar.heard),
    (heard) => heard.includes("tell"),
  );
  expect(kinds(watcher.heard)).toEqual(["state"]);
  await open.close();
});

test("nobody gets in without the token, nor stops the run", async () => {
  using folder = temporaryFolder();
  const stops: number[] = [];
  const open = await channel(folder.path, { onStop: (graceMs) => void stops.push(graceMs) });
  const wrong = visit(folder.path, { t: "auth", token: "8".repeat(64) });
  const without = visit(folder.path, { t: "stop", graceMs: 0 });
  await Promise.all([wrong.closed(), without.closed()]);
  expect([...wrong.heard, ...without.heard].map(({ t }) => t)).toEqual(["refused", "refused"]);
  const trusted = visit(folder.path, { t: "auth", token: TOKEN });
  trusted.frames.send(JSON.stringify({ t: "something newer" }));
  trusted.frames.send(JSON.stringify({ t: "stop", graceMs: 5 }));
  await until(
    () => stops,
    (made) => made.length > 0,
  );
  expect(stops).toEqual([5]);
  await open.close();
});
