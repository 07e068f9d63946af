import type * as z from "zod";
import { withoutOptimizing } from "../base/without-optimizing.js";
import { FIRST_REQUESTS } from "../protocol/first-requests.js";
import type { REQUESTS, RequestName } from "../protocol/requests.js";

/** All of them take a megabyte, so they are made when a client first asks for more than whoever starts a sidecar does. */
let all: typeof REQUESTS | null = null;

/** What the request's parameters have to be; at once where that is known, so that nothing overtakes the request. */
export function schemaOfParams(name: RequestName): z.ZodType | Promise<z.ZodType> {
  if (isFirst(name)) return FIRST_REQUESTS[name].params;
  return all === null ? makeAll().then((made) => made[name].params) : all[name].params;
}

/** What is wrong with the parameters, for a person where a person can have given them. */
export function paramsText(name: RequestName, { path, ...issue }: z.core.$ZodIssue): string {
  const place = path.join(".");
  const subject = `What is given as ${place}`;
  if (issue.code === "too_big" && issue.origin === "string") {
    return `${subject} is too long: at most ${issue.maximum} letters`;
  }
  if (issue.code === "too_big" && issue.origin === "array") return `${subject} is too much: at most ${issue.maximum}`;
  if (issue.code === "too_small" && issue.origin === "string") return `${subject} is too short or empty`;
  return `${name}: ${place} ${issue.message}`.replace(/\s+/g, " ");
}

async function makeAll(): Promise<typeof REQUESTS> {
  const made = await withoutOptimizing(() => import("../protocol/requests.js"));
  return (all ??= made.REQUESTS);
}

const isFirst = (name: RequestName): name is keyof typeof FIRST_REQUESTS => Object.hasOwn(FIRST_REQUESTS, name);
