import { PinokioError } from "../protocol/errors.js";

const MOST_BYTES = 1024 * 1024;

/** All that comes on standard input. */
export async function readInput(): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of process.stdin as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new PinokioError("request-invalid", "There is more than 1 MB on standard input");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
