import * as z from "zod";

/** How large a terminal is shown. */
export const TerminalSize = z.object({ columns: z.number(), rows: z.number() });
export type TerminalSize = z.infer<typeof TerminalSize>;

/** The size of a run's terminals from a byte of its output on. */
export const SizeSince = TerminalSize.extend({ since: z.number() });
export type SizeSince = z.infer<typeof SizeSince>;

/** The size they have now; and those they had, the oldest first: what was printed then was meant for those. */
export const RunTerminal = SizeSince.extend({ earlier: z.array(SizeSince) });
export type RunTerminal = z.infer<typeof RunTerminal>;

/** Somebody who pulls at a corner makes many. */
const MOST_EARLIER = 20;

export function resized(present: RunTerminal | undefined, { columns, rows }: TerminalSize, since: number): RunTerminal {
  if (present === undefined) return { columns, rows, since, earlier: [] };
  if (present.columns === columns && present.rows === rows) return present;
  const { earlier, ...last } = present;
  return { columns, rows, since, earlier: [...earlier, last].slice(-MOST_EARLIER) };
}

/** Until somebody looks at it. */
export const DEFAULT_TERMINAL_SIZE: TerminalSize = { columns: 100, rows: 30 };

/** What a view may ask for. */
export const WantedTerminalSize = z.object({
  columns: z.number().int().min(20).max(1_000),
  rows: z.number().int().min(5).max(500),
});

export const MOST_SCROLLBACK = 2_000;

/** A terminal as it stood at a byte of the run's output: written to an empty one of this size, it looks the same. */
export const Screen = TerminalSize.extend({
  /** The first byte that is not in it; a stream that begins there goes on where it ends. */
  offset: z.number(),
  text: z.string(),
});
export type Screen = z.infer<typeof Screen>;
