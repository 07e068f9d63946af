import { Buffer } from "node:buffer";
import { appendFileSync, existsSync, lstatSync, statSync, truncateSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import * as z from "zod";
import { writeFileAtomic } from "../base/atomic-file.js";
import { type Download, download } from "../base/download.js";
import { explainFileError } from "../base/file-errors.js";
import { isInside } from "../base/inside-folder.js";
import { makeFolder } from "../base/make-folder.js";
import { movePath } from "../base/move-path.js";
import { kindOf, unpack } from "../base/unpack.js";
import { PinokioError } from "../protocol/errors.js";
import { linkFolders } from "./drive-links.js";
import { defineMethod, type MethodContext } from "./method.js";
import { DownloadProgress } from "./progress.js";
import { removeKeeping } from "./trash.js";

const Path = z.string().min(1);
const PathOnly = z.looseObject({ path: Path.describe("File or folder, relative to the script") });

const Content = z.looseObject({
  path: Path.describe("File, relative to the script"),
  json: z.unknown().optional().describe("A value, written as JSON on one line"),
  json2: z.unknown().optional().describe("A value, written as indented JSON"),
  buffer: z.unknown().optional().describe("Bytes"),
  text: z.unknown().optional().describe("Text; a list is joined without a separator"),
});

/** The first of these that holds something is written, else an empty file. */
function contentOf({ json, json2, buffer, text }: z.output<typeof Content>): string | Uint8Array {
  if (json) return JSON.stringify(json);
  if (json2) return JSON.stringify(json2, null, 2);
  if (buffer) return bytesOf(buffer);
  return Array.isArray(text) ? text.map(String).join("") : text === undefined || text === null ? "" : String(text);
}

/** Bytes may have passed through JSON. */
function bytesOf(value: unknown): string | Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (typeof value === "object" && value !== null && "data" in value && Array.isArray(value.data)) {
    return Buffer.from(value.data as number[]);
  }
  return String(value);
}

const remove = defineMethod({
  summary: "Remove a file or folder; what a person may have made in an app is kept in the trash",
  params: PathOnly,
  run: async ({ path }, context) => removeKeeping(context.resolvePath(path), context),
});

const DownloadParams = z
  .looseObject({
    url: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .describe("Address, or a list of them with dir"),
    uri: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .describe("The same as url"),
    path: z.string().optional().describe("The file to make"),
    dir: z.string().optional().describe("The folder to put it in, under the name that its server gives it"),
    sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/)
      .optional()
      .describe("What the file must come to"),
  })
  .refine(({ url, uri }) => Boolean(url ?? uri), { message: "Needs url", path: ["url"] })
  .refine(({ path, dir }) => Boolean(path) || Boolean(dir), { message: "Needs path or dir", path: ["path"] })
  .refine(({ url, uri, path, dir }) => !Array.isArray(uri ?? url) || Boolean(dir) || !path, {
    message: "A list needs dir instead of path",
    path: ["dir"],
  });

const link = defineMethod({
  summary: "Put folders of the app on the shared drive and link to them",
  params: z.looseObject({
    drive: z
      .record(z.string(), z.union([z.string(), z.array(z.string())]))
      .optional()
      .describe("By the name on the drive: a folder of the app, or several"),
    peers: z.array(z.string()).optional().describe("Git addresses of apps that share the same folders"),
    venv: z.unknown().optional().describe("A Python environment; accepted, and left as it is"),
    options: z.unknown().optional(),
  }),
  run: async ({ drive, peers = [], venv }, context) => {
    if (drive !== undefined) {
      const root = context.app ?? context.cwd;
      const place = context.env()["PINOKIO_DRIVE"] || join(context.home, "drive");
      await linkFolders(
        {
          root: context.cwd,
          app: root,
          drive: resolve(root, place.startsWith("~/") ? context.resolvePath(place) : place),
          routes: drive,
          peers,
          own: (await remoteOf(context)) ?? root,
        },
        context,
      );
    }
    if (venv !== undefined && venv !== null) context.note(`${showPath(venv)} stays where it is\r\n`);
  },
});

const showPath = (path: unknown): string => (typeof path === "string" ? path : "The environment");

/** The address this app came from. */
async function remoteOf({ programs, cwd }: MethodContext): Promise<string | null> {
  if (programs.find("git") === null) return null;
  const args = ["config", "--get", "remote.origin.url"];
  const { exitCode, stdout } = await programs.run({ program: "git", args, cwd });
  return exitCode === 0 ? stdout.toString("utf8").trim() || null : null;
}

/** Files and folders. */
export const fs = {
  write: defineMethod({
    summary: "Write a file; its folder is made",
    params: Content,
    run: (params, context) => {
      writeFileAtomic(context.resolvePath(params.path), contentOf(params));
      return Promise.resolve(undefined);
    },
  }),

  append: defineMethod({
    summary: "Add to the end of a file; it is made when missing",
    params: Content,
    run: (params, context) => {
      const path = context.resolvePath(params.path);
      makeFolder(dirname(path));
      const before = existsSync(path) ? statSync(path).size : null;
      try {
        appendFileSync(path, contentOf(params));
      } catch (error) {
        if (before !== null) truncateSync(path, before);
        throw explainFileError(error, path);
      }
      return Promise.resolve(undefined);
    },
  }),

  read: defineMethod({
    summary: "Read a file",
    params: PathOnly.extend({
      encoding: z.string().nullish().describe('Such as "utf8"; without one the value is bytes'),
    }),
    run: async ({ path, encoding }, context) => {
      const bytes = await readExisting(context.resolvePath(path));
      return encoding ? bytes.toString(encoding as BufferEncoding) : bytes;
    },
  }),

  cat: defineMethod({
    summary: "Print a file",
    params: PathOnly,
    run: async ({ path }, context) => {
      const text = (await readExisting(context.resolvePath(path))).toString("utf8");
      context.print(`${text.replace(/\r?\n/g, "\r\n")}\r\n`);
      return undefined;
    },
  }),

  copy: defineMethod({
    summary: "Copy a file, or a folder with options.recursive",
    params: z.looseObject({
      src: Path.describe("What to copy, relative to the script"),
      dest: Path.describe("Where to; folders on the way are made"),
      options: z.record(z.string(), z.unknown()).nullish().describe("{recursive: true} copies folders"),
    }),
    run: async ({ src, dest, options }, context) => {
      const [from, to] = [context.resolvePath(src), context.resolvePath(dest)];
      if (statOf(from)?.isDirectory() && !options?.["recursive"]) {
        throw new PinokioError("step-failed", `${from} is a folder, and fs.copy was asked to copy a file`, {
          hint: 'Add "options": {"recursive": true}',
        });
      }
      makeFolder(dirname(to));
      try {
        await cp(from, to, { ...options });
      } catch (error) {
        throw explainFileError(error, to);
      }
    },
  }),

  move: defineMethod({
    summary: "Move or rename a file or folder; folders on the way are made",
    params: z.looseObject({ src: Path.describe("What to move"), dest: Path.describe("Its new path") }),
    run: (params, context) => {
      const [from, to] = [context.resolvePath(params.src), context.resolvePath(params.dest)];
      if (lstatSync(from, { throwIfNoEntry: false }) === undefined) throw missing(from);
      movePath(from, to);
      return Promise.resolve(undefined);
    },
  }),

  exists: defineMethod({
    summary: "Whether a file or folder is there",
    params: PathOnly,
    run: ({ path }, context) => Promise.resolve(existsSync(context.resolvePath(path))),
  }),

  rm: remove,
  remove,

  make: defineMethod({
    summary: "Make a folder and those above it",
    params: PathOnly,
    run: ({ path }, context) => {
      makeFolder(context.resolvePath(path));
      return Promise.resolve(undefined);
    },
  }),

  readdir: defineMethod({
    summary: "List a folder",
    params: PathOnly,
    run: async ({ path }, context) => {
      const folder = context.resolvePath(path);
      if (!existsSync(folder)) throw missing(folder);
      const names = await readdir(folder);
      return names.sort().map((name) => {
        const found = lstatSync(join(folder, name));
        const type = found.isDirectory() ? "directory" : found.isSymbolicLink() ? "link" : "file";
        return { name, type, size: found.size };
      });
    },
  }),

  rmdir: defineMethod({
    summary: "Remove an empty folder, or any folder with recursive",
    params: PathOnly.extend({ recursive: z.boolean().optional().describe("Removes what is in it too") }),
    run: async ({ path, recursive }, context) => {
      const folder = context.resolvePath(path);
      if (recursive === true) return removeKeeping(folder, context);
      if (!existsSync(folder)) throw missing(folder);
      const inside = await readdir(folder);
      if (inside.length > 0) {
        throw new PinokioError("step-failed", `${folder} is not empty: ${inside.length} items are in it`, {
          hint: 'Add "recursive": true to remove them too',
        });
      }
      await rmdir(folder);
    },
  }),

  open: defineMethod({
    summary: "Show a file or folder to the person, or run a program on it",
    params: PathOnly.extend({
      action: z.string().optional().describe("view, open, or a program to run on the path"),
      command: z.string().optional().describe("The same as action"),
      mode: z.string().optional().describe("The same as action"),
    }),
    run: async ({ path, action, command, mode }, context) => {
      const file = context.resolvePath(path);
      const wanted = action ?? command ?? mode ?? "view";
      if (wanted === "view" || wanted === "open") return context.tell("fs.open", { path: file, action: wanted });
      const { exitCode, stderr } = await context.programs.run({ program: wanted, args: [file], cwd: context.cwd });
      if (exitCode !== 0) context.warn(`${wanted} could not open ${file}: ${stderr.toString("utf8").trim()}`);
    },
  }),

  download: defineMethod({
    summary: "Download files; what arrived in part is completed",
    params: DownloadParams,
    run: async ({ url, uri, path, dir, sha256 }, context) => {
      const addresses = [uri ?? url ?? []].flat();
      const to = path ? { path: context.resolvePath(path) } : { folder: context.resolvePath(dir ?? ".") };
      let last: Download | undefined;
      for (const address of addresses) {
        await context.checkRoom();
        const progress = new DownloadProgress(address, context);
        last = await download({ url: address, to, sha256, signal: context.signal, ...progress.handlers });
        progress.end(last.bytes);
      }
      return last;
    },
  }),

  unzip: defineMethod({
    summary: "Unpack a zip, tar, tar.gz, tar.zst or 7z file; nothing of it leaves the folder",
    params: z.looseObject({
      src: z.string().optional().describe("The archive, relative to the script"),
      path: z.string().optional().describe("The same as src"),
      dest: z.string().optional().describe("The folder to unpack to; by default the archive's own"),
    }),
    run: async ({ src, path, dest }, context) => {
      const archive = context.resolvePath(src ?? path ?? "");
      if (!(statOf(archive)?.isFile() ?? false)) throw missing(archive);
      const folder = dest === undefined ? dirname(archive) : context.resolvePath(dest);
      const { form } = await kindOf(archive);
      if (form === "7z") return unpack7z(archive, folder, context);
      await unpack({ archive, folder, signal: context.signal });
    },
  }),

  link,
  share: link,
};

/** Into a folder of its own first: names are looked at before anything takes its place. */
async function unpack7z(archive: string, folder: string, { programs }: MethodContext): Promise<void> {
  const program = ["7z", "7zz", "7za", "7zr"].find((name) => programs.find(name) !== null);
  if (program === undefined) {
    throw new PinokioError("tool-missing", `${basename(archive)} is a 7z archive, and no 7z program was found`, {
      hint: "Install the package 7zip (or p7zip-full), then run the script again",
    });
  }
  makeFolder(folder);
  const listed = await programs.run({ program, args: ["l", "-slt", "-ba", archive], cwd: folder });
  const names = [...listed.stdout.toString("utf8").matchAll(/^Path = (.*)$/gm)].map(([, name = ""]) => name);
  for (const name of names) {
    if (isInside(folder, resolve(folder, name)) && !name.startsWith("/")) continue;
    throw new PinokioError("step-failed", `${archive} holds "${name}", which would leave ${folder}`);
  }
  const temporary = await mkdtemp(join(folder, ".unpacking-"));
  try {
    const args = ["x", "-y", "-snl-", `-o${temporary}`, archive];
    const { exitCode, stderr } = await programs.run({ program, args, cwd: folder });
    if (exitCode !== 0) {
      throw new PinokioError("step-failed", `${archive} cannot be unpacked: ${stderr.toString("utf8").trim()}`);
    }
    await moveInto(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function moveInto(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, place] = [join(from, entry.name), join(to, entry.name)];
    const there = lstatSync(place, { throwIfNoEntry: false });
    if (entry.isDirectory() && there?.isDirectory()) await moveInto(source, place);
    else if (entry.isDirectory() || entry.isFile()) {
      await mkdir(to, { recursive: true });
      await rename(source, place);
    }
  }
}

async function readExisting(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (statOf(path) === undefined) throw missing(path);
    throw error;
  }
}

const statOf = (path: string) => statSync(path, { throwIfNoEntry: false });

const missing = (path: string): PinokioError => new PinokioError("step-failed", `${path} is not there`);
