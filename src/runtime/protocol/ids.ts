import * as z from "zod";

/** Folder name of an installed app below `<home>/api`. */
export const AppId = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => !/[/\\\0]/.test(name) && name !== "." && name !== "..", "is not a folder name")
  .brand<"AppId">();
export type AppId = z.infer<typeof AppId>;

/** One execution of one script; also the name of its folder below `<home>/runs`. */
export const RunId = z
  .string()
  .regex(/^run_[0-9a-z]{12}$/, "is not the id of a run")
  .brand<"RunId">();
export type RunId = z.infer<typeof RunId>;

/** Number of an open output stream; unique within its connection. */
export const StreamId = z.number().int().nonnegative().brand<"StreamId">();
export type StreamId = z.infer<typeof StreamId>;
