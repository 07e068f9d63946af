import * as z from "zod";

/** A progress bar that a program draws, as far as it can be read. Amounts are said as the program says them. */
export const Progress = z.object({
  /** What is under way, such as "Downloading model.safetensors"; empty when it does not say. */
  label: z.string(),
  /** 0 to 100; null for one without an end. */
  percent: z.number().nullable(),
  /** Such as "2.1" of "4.9 GB", or "3" of "12". */
  done: z.string().nullable(),
  total: z.string().nullable(),
  /** Such as "60 MB/s". */
  rate: z.string().nullable(),
  secondsLeft: z.number().nullable(),
});
export type Progress = z.infer<typeof Progress>;

/** A length of time that nobody knows exactly: 40 s, 3 min, 1 h 20 min. */
export function leftText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? "" : ` ${rest} min`}`;
}
