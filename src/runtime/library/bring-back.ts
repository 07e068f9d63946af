import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
import type { JobContext } from "./jobs.js";

const KINDS = ["source", "app", "package"] as const;

/** One thing that an import brings back. */
export interface Piece {
  kind: (typeof KINDS)[number];
  /** As it is called, and by what commands take. */
  name: string;
  /** What commands take. */
  id: string;
  /** Resolves with what of it did not come along, in sentences. */
  bring(signal: AbortSignal): Promise<string[]>;
  /** What can be done where it failed for a reason that stays so. */
  byHand: string;
}

/** One after the other; one that fails keeps no other from coming. `left` is what is known already not to come along. */
export async function bringBack(
  pieces: readonly Piece[],
  left: readonly string[],
  { signal, tell }: Pick<JobContext, "signal" | "tell">,
): Promise<void> {
  const failed: Failed[] = [];
  const said = [...left];
  const unit = pieces.every(({ kind }) => kind === "app") ? "apps" : "entries";
  const total = pieces.length;
  for (const [done, piece] of pieces.entries()) {
    signal.throwIfAborted();
    tell({ phase: "install", title: `Bring back ${piece.name}`, progress: { done, total, unit } });
    try {
      const missing = await piece.bring(signal);
      said.push(...missing.map((sentence) => `${piece.name}: ${sentence}`));
    } catch (error) {
      signal.throwIfAborted();
      failed.push({ piece, error: toWireError(error) });
    }
  }
  tell({ title: bringTitle(pieces), progress: { done: total, total, unit }, said });
  if (failed.length > 0) throw incomplete(pieces, failed);
}

export function bringTitle(pieces: readonly Piece[]): string {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return `Bring back ${first.name}`;
  const counts = countsOf(pieces).map(([kind, count]) => countText(count, kind));
  return `Bring back ${counts.join(", ")}`;
}

interface Failed {
  piece: Piece;
  error: WireError;
}

function incomplete(pieces: readonly Piece[], failed: readonly Failed[]): PinokioError {
  const all = new Map(countsOf(pieces));
  const counts = countsOf(failed.map(({ piece }) => piece));
  const what = counts.map(([kind, count]) => `${countText(count, kind)} of ${all.get(kind)}`).join(", ");
  const which = failed.map(({ piece, error }) => `${piece.name}: ${error.message}`).join("; ");
  const ways = failed.map(({ piece, error }) => wayOn(piece, error));
  return new PinokioError("import-incomplete", `${what} could not be brought back. ${which}`, {
    hint: [...new Set(ways)].join("; "),
  });
}

const countsOf = (pieces: readonly Piece[]): [Piece["kind"], number][] =>
  KINDS.flatMap((kind): [Piece["kind"], number][] => {
    const { length } = pieces.filter((piece) => piece.kind === kind);
    return length === 0 ? [] : [[kind, length]];
  });

const countText = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** What is so however often it is tried. */
const STAYS_SO: ReadonlySet<WireError["code"]> = new Set<WireError["code"]>([
  "source-unsupported",
  "repository-missing",
  "branch-missing",
  "login-needed",
  "agreement-needed",
  "app-invalid",
  "name-unsupported",
  "package-missing",
  "warning-unheeded",
]);

const wayOn = ({ id, byHand }: Piece, { code, hint }: WireError): string =>
  STAYS_SO.has(code)
    ? `Of ${id}: ${hint ?? byHand}`
    : "Import the file again to go on with what is missing; the others are not touched";
