import * as z from "zod";
import { SizeSince } from "./terminal.js";

/** What the process that draws a screen reads from its standard input; the screen goes to its standard output. */
export const ScreenOrder = z.object({
  file: z.string(),
  /** The last one is that of the screen; each holds from a byte of the output on. */
  sizes: z.array(SizeSince).min(1),
  /** Nothing is read beyond this byte: what is printed there may hold secrets that were not known yet. */
  end: z.number().optional(),
  scrollback: z.number(),
  /** In base64: they may be any bytes. */
  secrets: z.array(z.string()),
});
export type ScreenOrder = z.infer<typeof ScreenOrder>;
