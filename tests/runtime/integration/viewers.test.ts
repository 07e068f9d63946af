import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { outputParts } from "../../../src/runtime/base/output-parts.js";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import type { RunId } from "../../../src/runtime/protocol/ids.js";
import { connectTo } from "../../helpers/connect-to.js";
import { testHome, until } from "../../helpers/command-line.js";

const PROGRAMS = new URL("../../fixtures/programs/", import.meta.url).pathname;
const FLOOD_BYTES = 100_000_000;

interface Viewer {
  readonly bytes: number;
  readonly hash: string;
  readonly isOver: boolean;
  go(): void;
}

/** Somebody who looks; a stalled one takes nothing more from its first bytes on, until it goes on. */
function view(client: SidecarClient, runId: RunId, isStalled: boolean): Viewer {
  const hash = createHash("sha256");
  let bytes = 0;
  let isOver = false;
  let go: () => void = () => undefined;
  const mayGo = isStalled ? new Promise<void>((resolve) => (go = resolve)) : Promise.resolve();
  client.openOutput(runId, {
    onBytes: (added, offset) => {
      expect(offset).toBe(bytes);
      bytes += added.length;
      hash.update(added);
      return mayGo;
    },
    onGap: (from, to) => {
      throw new Error(`Bytes ${from} to ${to} are missing`);
    },
    onEnd: () => (isOver = true),
  });
  return {
    get bytes() {
      return bytes;
    },
    get hash() {
      return hash.copy().digest("hex");
    },
    get isOver() {
      return isOver;
    },
    go: () => go(),
  };
}

test("a flood with a viewer that stalls costs neither the app nor the others, nor the sidecar its memory", async () => {
  await using home = testHome();
  const folder = join(home.path, "api/floods");
  mkdirSync(folder, { recursive: true });
  const message = `python3 ${PROGRAMS}flood.py ${FLOOD_BYTES}`;
  writeFileSync(join(folder, "start.json"), JSON.stringify({ run: [{ method: "shell.run", params: { message } }] }));
  const client = await connectTo(home);
  const stalling = await connectTo(home);
  const memory = async () => (await client.request("sidecar.status", {})).memoryBytes;
  const before = await memory();
  const { run } = await client.request("runs.start", { script: join(folder, "start.json"), consent: true });
  const stalled = view(stalling, run.id, true);
  const others = [view(client, run.id, false), view(client, run.id, false)];
  let most = 0;
  await until(
    async () => {
      most = Math.max(most, await memory());
      return others.every(({ isOver }) => isOver);
    },
    (areOver) => areOver,
    50_000,
  );
  expect(client.state?.runs[0]?.end?.outcome).toBe("finished");
  const printed = Buffer.concat(
    outputParts(join(home.path, "runs", run.id, "output.log")).map(({ path }) => readFileSync(path)),
  );
  const hash = createHash("sha256").update(printed).digest("hex");
  for (const viewer of others) expect(viewer).toMatchObject({ bytes: printed.length, hash });
  expect(stalled.bytes).toBeGreaterThan(0);
  expect(stalled.bytes).toBeLessThanOrEqual(1024 * 1024);
  // What one of them has not taken is in the file, and nowhere else.
  expect(most - before).toBeLessThan(FLOOD_BYTES / 2);

  stalled.go();
  await until(
    () => stalled.isOver,
    (isOver) => isOver,
    30_000,
  );
  expect(stalled).toMatchObject({ bytes: printed.length, hash });
  client.close();
  stalling.close();
});
