import * as z from "zod";
import { PinokioError } from "./errors.js";

const MOST_NAME_BYTES = 200;

/** Folder name of an installed app below `<home>/api`. */
export const AppId = z.string().refine(isAppName, "is not a folder name an app can have").brand<"AppId">();
export type AppId = z.infer<typeof AppId>;

/** Lists of packages of every type call the app hello app:hello: whoever types that means the app. */
export const bareAppName = (name: string): string => name.replace(/^app:(?=.)/, "");

/** The name as an id, or in words why it cannot be one. */
export function appIdOf(name: string): AppId {
  const id = AppId.safeParse(bareAppName(name));
  if (id.success) return id.data;
  throw new PinokioError("app-invalid", `${JSON.stringify(name)} cannot be the name of an app`, {
    hint: `A name is a folder's: not blank, no slash, no dot or dash in front, at most ${MOST_NAME_BYTES} bytes`,
  });
}

function isAppName(name: string): boolean {
  if (name.trim() === "" || name === "__proto__" || /^[.-]|[/\\\0-\x1f\x7f-\x9f]/.test(name)) return false;
  let bytes = 0;
  for (const character of name) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes <= MOST_NAME_BYTES;
}

/** One execution of one script; also the name of its folder below `<home>/runs`. */
export const RunId = z
  .string()
  .regex(/^run_[0-9a-z]{12}$/, "is not the id of a run")
  .brand<"RunId">();
export type RunId = z.infer<typeof RunId>;

/** One long piece of work that people watch, such as an installation. */
export const JobId = z
  .string()
  .regex(/^job_[0-9a-z]{12}$/, "is not the id of a job")
  .brand<"JobId">();
export type JobId = z.infer<typeof JobId>;

/** Number of an open output stream; unique within its connection. */
export const StreamId = z.number().int().nonnegative().brand<"StreamId">();
export type StreamId = z.infer<typeof StreamId>;
