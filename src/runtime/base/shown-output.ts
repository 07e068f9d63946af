import { LONGEST_SECRET, SecretMask } from "./mask-secrets.js";
import { outputSize, readOutputBefore } from "./output-parts.js";

/** A secret may begin so far before what is shown, with what tells that it is one. */
const BEFORE_BYTES = 2 * LONGEST_SECRET;

/**
 * The last bytes of a run's output, masked, and where they begin. What is secret is asked for when they are read: what
 * is printed with a new secret follows only after that is known.
 */
export function readShownEnd(
  file: string,
  mostBytes: number,
  known: () => readonly Buffer[],
  end = outputSize(file),
): { bytes: Buffer; start: number } {
  const { bytes, start } = readOutputBefore(file, end, mostBytes + BEFORE_BYTES);
  new SecretMask(known).begin(start > 0).hide(bytes, true);
  const before = Math.max(0, bytes.length - mostBytes);
  return { bytes: bytes.subarray(before), start: start + before };
}
