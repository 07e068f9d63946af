import * as z from "zod";
import { RunId } from "./ids.js";

const Point = z.object({
  /** Absolute path of the script, and a hash of its text. */
  file: z.string(),
  hash: z.string(),
  /** The step that has to be done again, and the methods of all of them: a list that code made may be another one. */
  index: z.number().int().nonnegative(),
  methods: z.array(z.string()),
  /** What the step got from the one before it, and the script's local memory. */
  input: z.unknown().optional(),
  local: z.record(z.string(), z.unknown()),
});

/** Where another run can go on with what a run has failed to do: `resume.json` in its folder. */
export const ResumePoint = Point.extend({
  /** The run that this step had started, where it was that one that failed. */
  child: RunId.nullable(),
});
export type ResumePoint = z.infer<typeof ResumePoint>;

/** The wish to go on there, and in the script that the step starts likewise. */
export type Resume = z.infer<typeof Point> & { child: Resume | null };
export const Resume: z.ZodType<Resume> = z.lazy(() => Point.extend({ child: Resume.nullable() }));
