// Viewers of runs that print stamped lines, all in a process of their own, on Node 24: says on file descriptor 3 when
// all of them watch, and as JSON how late lines came and what was wrong with them.
import { writeSync } from "node:fs";
import { loadClient } from "./client.mjs";
import { clockMs } from "./marked-scripts.mjs";

const { clientFile, socket, tokenFile, viewers, warmUpMs } = JSON.parse(process.argv[2]);

const LIMIT_MS = 120_000;
const STEP_MS = 0.1;
const HASH = 0x23;
const NEW_LINE = 0x0a;
/** Of "#000000000 0000000000000000000 ": where the number and the time begin and end. */
const NUMBER = [1, 10];
const TIME = [11, 30];

const { openClient, createSocketTransport } = await loadClient(clientFile);
const late = [];
const wrong = [];
let lines = 0;
/** Of the first line that anybody saw. */
let firstPrinted;
let slowest = 0;

const clients = await Promise.all(
  viewers.map(async (viewer) => {
    const client = openClient(createSocketTransport(socket, tokenFile));
    await client.request("sidecar.status", {});
    return { ...viewer, client };
  }),
);
const all = clients.flatMap(({ client, runIds, stallsMs }) => runIds.map((runId) => view(client, runId, stallsMs)));
writeSync(3, "watching\n");
const limit = setTimeout(() => {
  console.log(JSON.stringify({ wrong: [`after ${LIMIT_MS / 1e3} s not all of the output was there`] }));
  process.exit(1);
}, LIMIT_MS);
await Promise.all(all);
clearTimeout(limit);
console.log(JSON.stringify({ p50: within(0.5), p99: within(0.99), slowest, lines, wrong }));
process.exit(0);

/** Resolves at the program's last line. One that stalls takes one piece, and the rest when it has stalled for so long. */
function view(client, runId, stallsMs) {
  let expected = 0;
  let rest = Buffer.alloc(0);
  let stalled = stallsMs > 0 ? new Promise((resolve) => setTimeout(resolve, stallsMs)) : null;
  return new Promise((resolve, reject) => {
    const take = (bytes, from, end, now) => {
      if (bytes[from] === HASH) {
        const number = digits(bytes, from, NUMBER);
        if (number !== expected) wrong.push(`${runId}: line ${number} instead of ${expected}`);
        expected = number + 1;
        lines++;
        const printed = digits(bytes, from, TIME) / 1e6;
        firstPrinted ??= printed;
        if (stallsMs === 0 && printed - firstPrinted > warmUpMs) note(now - printed);
        return;
      }
      const line = bytes.toString("latin1", from, end);
      if (line.startsWith("last ")) {
        const count = Number(line.slice(5));
        if (count !== expected) wrong.push(`${runId}: ${expected} lines instead of ${count}`);
        output.close();
        resolve();
      }
    };
    const output = client.openOutput(runId, {
      onBytes: (piece) => {
        const now = clockMs();
        const bytes =
          rest.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.length) : Buffer.concat([rest, piece]);
        let from = 0;
        for (let end = bytes.indexOf(NEW_LINE); end >= 0; end = bytes.indexOf(NEW_LINE, from)) {
          take(bytes, from, end, now);
          from = end + 1;
        }
        rest = Buffer.from(bytes.subarray(from));
        if (stalled === null || expected === 0) return undefined;
        const until = stalled;
        stalled = null;
        return until;
      },
      onGap: (from, to) => wrong.push(`${runId}: bytes ${from} to ${to} are missing`),
      onEnd: () => reject(new Error(`${runId} ended.`)),
      onError: reject,
    });
  });
}

function digits(bytes, line, [from, to]) {
  let value = 0;
  for (let at = line + from; at < line + to; at++) value = value * 10 + bytes[at] - 0x30;
  return value;
}

function note(ms) {
  const step = Math.max(0, Math.floor(ms / STEP_MS));
  late[step] = (late[step] ?? 0) + 1;
  slowest = Math.max(slowest, ms);
}

function within(share) {
  const total = late.reduce((sum, count) => sum + (count ?? 0), 0);
  let seen = 0;
  for (let step = 0; step < late.length; step++) {
    seen += late[step] ?? 0;
    if (seen >= share * total) return (step + 1) * STEP_MS;
  }
  return Infinity;
}
