import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { writeJsonAtomic } from "../../base/atomic-file.js";
import { PinokioError } from "../../protocol/errors.js";
import { folderRemoval, foundByHand, putClone, viewOf } from "./cloned-folder.js";
import type { PackageKind } from "./package-kind.js";

/** `pinokio.json` of a task; the words that a person gives stand in `task.md` in double braces. */
const Task = z.looseObject({
  title: z.string().min(1),
  description: z.string().default(""),
  path: z.literal("tasks"),
  target: z.enum(["workspaces", "api", "plugin"]).default("workspaces"),
  inputs: z
    .array(z.looseObject({ name: z.string(), label: z.string().optional(), required: z.boolean().default(true) }))
    .default([]),
});
export type Task = z.infer<typeof Task>;

/** `tasks/index.json`: which task is where, and what the next one is called. */
const Index = z.looseObject({
  version: z.literal(1),
  nextId: z.number().int().positive().default(1),
  items: z.array(z.looseObject({ id: z.string().regex(/^t[1-9]\d*$/), ref: z.string().optional() })).default([]),
});
type Index = z.infer<typeof Index>;

/** Words for an agent, with blanks: `<home>/tasks/t1`. A plugin carries them out. */
export const task: PackageKind = {
  type: "task",

  plan: (_, { home }) => Promise.resolve({ where: `tasks/${nextId(readIndex(home))}`, bytes: null, inspect: null }),

  install: async ({ pack, before }, world, context) => {
    const { home } = world;
    const id = before?.place.slice("tasks/".length) ?? nextId(readIndex(home));
    const folder = join(home, "tasks", id);
    const check = (fetched: string): void => void readTask(fetched);
    const commit = await putClone({ source: pack.install, folder, isOwn: before !== null, check }, world, context);
    const index = readIndex(home);
    const items = [...index.items.filter((item) => item.id !== id), { id, ref: pack.repository ?? pack.install }];
    writeIndex(home, { ...index, items, nextId: Math.max(index.nextId, Number(id.slice(1)) + 1) });
    return { version: pack.version, commit, place: `tasks/${id}`, files: [], requirements: [] };
  },

  list: (records, { home }) => {
    const known = new Set(records.map(({ place }) => place));
    const others = readIndex(home).items.filter(({ id }) => !known.has(`tasks/${id}`) && titleOf(home, id) !== null);
    return [
      ...records.map((one) => viewOf(one, problemOf(join(home, one.place)))),
      ...others.map(({ id }) => ({ ...foundByHand("task", id, `tasks/${id}`), name: titleOf(home, id) ?? id })),
    ];
  },

  removal: ({ place }, _, { home }) => folderRemoval(join(home, place), home),

  remove: async ({ place }, _, world) => {
    const folder = join(world.home, place);
    if (existsSync(folder)) await world.toTrash([folder], "uninstall");
    const index = readIndex(world.home);
    writeIndex(world.home, { ...index, items: index.items.filter(({ id }) => `tasks/${id}` !== place) });
  },
};

/** A task's words, once everything in braces is given. Throws what is missing. */
export function taskPrompt(folder: string, inputs: Readonly<Record<string, string>>): { task: Task; prompt: string } {
  const found = readTask(folder);
  const words = readFileSync(join(folder, "task.md"), "utf8");
  const optional = new Set(found.inputs.filter(({ required }) => !required).map(({ name }) => name));
  const wanted = [...new Set([...words.matchAll(BLANK)].map(([, name = ""]) => name))];
  const missing = wanted.filter((name) => !optional.has(name) && (inputs[name] ?? "").trim() === "");
  if (missing.length > 0) {
    throw new PinokioError("request-invalid", `${found.title} needs ${missing.join(", ")}`, {
      hint: "Give each of them as an input",
    });
  }
  return { task: found, prompt: words.replace(BLANK, (_, name: string) => inputs[name] ?? "") };
}

const BLANK = /\{\{\s*([A-Za-z0-9_][\w.-]*)\s*\}\}/g;

function readTask(folder: string): Task {
  const file = join(folder, "pinokio.json");
  const invalid = (why: string): PinokioError =>
    new PinokioError("app-invalid", `${folder} is no task: ${why}`, {
      hint: 'A task has a pinokio.json with a title and "path": "tasks", and a task.md',
    });
  if (!existsSync(join(folder, "task.md"))) throw invalid("it holds no task.md");
  let written: unknown;
  try {
    written = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw invalid("its pinokio.json cannot be read");
  }
  const checked = Task.safeParse(written);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw invalid(`${issue?.path.join(".") ?? "pinokio.json"}: ${issue?.message ?? "has the wrong form"}`);
}

function problemOf(folder: string): string | null {
  try {
    readTask(folder);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function titleOf(home: string, id: string): string | null {
  try {
    return readTask(join(home, "tasks", id)).title;
  } catch {
    return null;
  }
}

const indexFile = (home: string): string => join(home, "tasks", "index.json");

/** One that cannot be read is made anew, as in Pinokio: what lies in the folders counts. */
function readIndex(home: string): Index {
  try {
    return Index.parse(JSON.parse(readFileSync(indexFile(home), "utf8")));
  } catch {
    return { version: 1, nextId: 1, items: [] };
  }
}

const writeIndex = (home: string, index: Index): void => writeJsonAtomic(indexFile(home), index);

function nextId({ nextId: first, items }: Index): string {
  const taken = new Set(items.map(({ id }) => id));
  let next = first;
  while (taken.has(`t${next}`)) next++;
  return `t${next}`;
}
