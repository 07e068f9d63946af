import type { SidecarClient } from "../../runtime/client/sidecar-client.js";
import type { RunId } from "../../runtime/protocol/ids.js";

/** A stretch of what a run printed. */
export interface OutputPart {
  bytes: Uint8Array;
  /** Its first byte; later than asked for where earlier output is gone. */
  from: number;
}

/** Reads the bytes from..to of a run's output, as far as they are still there. */
export function readPart(
  client: SidecarClient,
  runId: RunId,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<OutputPart> {
  return read(client, runId, { from, to, windowBytes: to - from }, signal);
}

/** Reads the last of what a run has printed by now. */
export const readEnd = (client: SidecarClient, runId: RunId, most: number, signal: AbortSignal): Promise<OutputPart> =>
  read(client, runId, { from: -most, to: null, windowBytes: most }, signal);

/** `to` null: as far as there is anything. */
function read(
  client: SidecarClient,
  runId: RunId,
  { from, to: wanted, windowBytes }: { from: number; to: number | null; windowBytes: number },
  signal: AbortSignal,
): Promise<OutputPart> {
  const pieces: Uint8Array[] = [];
  let first = Math.max(0, from);
  let to = wanted ?? Infinity;
  return new Promise((resolve, reject) => {
    const finish = () => {
      output.close();
      resolve({ bytes: joined(pieces), from: first });
    };
    const output = client.openOutput(
      runId,
      {
        onOpened: (begin, size) => {
          if (wanted !== null || to !== Infinity) return;
          [first, to] = [begin, size];
          if (begin >= size) finish();
        },
        onBytes: (bytes, offset) => {
          pieces.push(bytes.slice(0, Math.max(0, to - offset)));
          if (offset + bytes.length >= to) finish();
        },
        onGap: (_, next) => {
          pieces.length = 0;
          first = next;
          if (next >= to) finish();
        },
        onEnd: finish,
        onError: reject,
      },
      { offset: from, windowBytes: Math.max(64 * 1024, windowBytes) },
    );
    signal.addEventListener("abort", () => {
      output.close();
      reject(signal.reason as Error);
    });
  });
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
