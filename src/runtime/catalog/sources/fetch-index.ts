import { bodyPieces } from "../../base/body-pieces.js";
import { request } from "../../base/http-request.js";
import { PinokioError, toWireError } from "../../protocol/errors.js";
import { sizeText } from "../../protocol/sizes.js";

/** What the server said of a text that it gave: it is asked with that whether there is a newer one. */
export interface Tags {
  etag: string | null;
  modified: string | null;
}

export interface FetchedText extends Tags {
  text: string;
}

/** Room for some 40,000 entries as ours are. */
export const MOST_INDEX_BYTES = 32 * 1024 * 1024;
const MOST_REDIRECTS = 5;
const STALL_MS = 30_000;

/** Asks for a text unless it is still the one that was fetched last; null then. Only the server that was named is asked. */
export async function fetchIndex(
  address: string,
  known: Tags | null,
  signal: AbortSignal,
): Promise<FetchedText | null> {
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), STALL_MS);
  try {
    const response = await ask(address, known, AbortSignal.any([signal, stall.signal]));
    if (response.status === 304 && known !== null) return null;
    if (!response.ok) {
      await response.body?.cancel();
      throw failed(
        address,
        `its server answers ${response.status}${response.statusText === "" ? "" : ` ${response.statusText}`}`,
      );
    }
    const text = await readText(address, response, () => timer.refresh());
    return { text, etag: response.headers.get("etag"), modified: response.headers.get("last-modified") };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (stall.signal.aborted) throw failed(address, `nothing came for ${STALL_MS / 1_000} s`);
    if (error instanceof PinokioError && error.code === "network-failed") throw error;
    throw failed(address, toWireError(error).message);
  } finally {
    clearTimeout(timer);
  }
}

/** Redirects are followed within one host: who was trusted for an address says nothing about another one. */
async function ask(address: string, known: Tags | null, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (known?.etag != null) headers["if-none-match"] = known.etag;
  if (known?.modified != null) headers["if-modified-since"] = known.modified;
  let at = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await request(at.href, { headers, signal, redirects: 0 });
    const location = response.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await response.body?.cancel();
    const next = new URL(location, at);
    if (
      next.hostname !== at.hostname ||
      !/^https?:$/.test(next.protocol) ||
      (at.protocol === "https:" && next.protocol === "http:")
    ) {
      throw new PinokioError("network-failed", `${address} leads elsewhere: to ${next.href}`, {
        hint: "If that is where the index is now, remove this source and add that address",
      });
    }
    at = next;
  }
  throw failed(address, `it leads on more than ${MOST_REDIRECTS} times`);
}

async function readText(address: string, response: Response, onPiece: () => void): Promise<string> {
  const said = Number(response.headers.get("content-length") ?? 0);
  if (said > MOST_INDEX_BYTES) {
    await response.body?.cancel();
    throw tooLarge(address, sizeText(said));
  }
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of bodyPieces(response)) {
    onPiece();
    bytes += piece.length;
    if (bytes > MOST_INDEX_BYTES) throw tooLarge(address, `more than ${sizeText(MOST_INDEX_BYTES)}`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

const tooLarge = (address: string, size: string): PinokioError =>
  new PinokioError("network-failed", `The index at ${address} is too large: ${size}`, {
    hint: `At most ${sizeText(MOST_INDEX_BYTES)} are read; what was fetched before stays`,
  });

const failed = (address: string, why: string): PinokioError =>
  new PinokioError("network-failed", `The index at ${address} could not be fetched: ${why}`, {
    hint: "Try again when it can be reached; what was fetched before stays",
  });
