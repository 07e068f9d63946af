import type * as z from "zod";
import { isObject } from "../script/script.js";
import { holdsUnknown, Unknown } from "./unknown.js";

/** What is known about the methods that scripts call: their names, and what their parameters must be. */
export interface MethodTable {
  find(name: string): { params: z.ZodType } | undefined;
  /** The names most like one that does not exist, nearest first. */
  like(name: string): string[];
}

/** What a method will refuse in its parameters: path and expectation. What is not known yet counts as right. */
export function wrongParams(schema: z.ZodType, params: unknown): string[] {
  const checked = schema.safeParse(params);
  if (checked.success) return [];
  return checked.error.issues
    .filter(({ path }) => !isOpen(params, path))
    .map(({ path, message }) => {
      const place = ["params", ...path].join(".");
      return `${place}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
    });
}

/** Whether what stands at a path, or around it, is not known yet. */
function isOpen(params: unknown, path: readonly PropertyKey[]): boolean {
  let node = params;
  for (const key of path) {
    if (node instanceof Unknown) return true;
    node = typeof node === "object" && node !== null ? (node as Record<PropertyKey, unknown>)[key] : undefined;
  }
  return holdsUnknown(node);
}

/** Keys that belong beside `params` and have no effect in it. */
const STEP_KEYS = ["when", "next", "method"];

/** A warning where the author must have meant something else; most others are harmless remains. */
export interface StrayParam {
  level: "warning" | "info";
  message: string;
}

/** Parameters that a method does not read. */
export function strayParams(method: string, schema: z.ZodType, params: unknown): StrayParam[] {
  if (!isObject(params)) return [];
  const known = keysOf(schema);
  if (known === null) return [];
  const readsMore = known.length === 0 || takesMore(schema);
  return Object.keys(params)
    .filter((key) => !known.includes(key))
    .flatMap((key): StrayParam[] => {
      if (STEP_KEYS.includes(key)) {
        return [{ level: "warning", message: `"${key}" stands inside params, where it has no effect` }];
      }
      const meant = known.find((name) => isNear(key, name));
      if (meant !== undefined) {
        return [{ level: "warning", message: `${method} has no parameter "${key}"; did you mean ${meant}?` }];
      }
      return readsMore ? [] : [{ level: "info", message: `${method} does not read the parameter "${key}"` }];
    });
}

/** The names an object's schema lists, or null for a schema that is no object. */
const keysOf = (schema: z.ZodType): string[] | null => {
  const object = objectIn(schema);
  return object === null ? null : Object.keys(object.shape);
};

/** Whether a method reads whatever else it is given: its schema then says what that is. */
const takesMore = (schema: z.ZodType): boolean => objectIn(schema)?.catchall?.description !== undefined;

function objectIn(schema: z.ZodType): { shape: object; catchall?: z.ZodType } | null {
  const { def } = schema as unknown as { def: { type: string } & Record<string, unknown> };
  switch (def.type) {
    case "object":
      return def as unknown as { shape: object; catchall?: z.ZodType };
    case "optional":
    case "nullable":
    case "nonoptional":
    case "default":
      return objectIn(def["innerType"] as z.ZodType);
    case "pipe":
      return objectIn(def["in"] as z.ZodType);
    default:
      return null;
  }
}

/** One letter more, less or other, or two swapped. */
function isNear(written: string, known: string): boolean {
  if (known.length < 4 || Math.abs(written.length - known.length) > 1) return false;
  let start = 0;
  while (start < written.length && written[start] === known[start]) start++;
  let end = 0;
  while (end < Math.min(written.length, known.length) - start && written.at(-1 - end) === known.at(-1 - end)) end++;
  const [from, to] = [written.slice(start, written.length - end), known.slice(start, known.length - end)];
  return Math.max(from.length, to.length) <= 1 || (from.length === 2 && from === [...to].reverse().join(""));
}
