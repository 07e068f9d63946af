import { Buffer } from "node:buffer";
import { resolve } from "node:path";
import * as z from "zod";
import { setPath } from "../base/dotted-path.js";
import { PinokioError } from "../protocol/errors.js";
import { isSentFile } from "../protocol/questions.js";
import { defineMethod, type Method, type MethodContext } from "./method.js";

const Anything = z
  .looseObject({})
  .nullish()
  .transform((params): Record<string, unknown> => params ?? {});

/** Tells whoever watches, and goes on: nobody need be there. */
function telling(kind: string, summary: string, params: z.ZodType = Anything): Method {
  return defineMethod({
    summary,
    params,
    run: (given, context) => {
      context.tell(kind, given ?? {});
      return Promise.resolve(undefined);
    },
  });
}

/** Asks the person and waits for the answer. */
function asking(kind: string, summary: string, params: z.ZodType): Method {
  return defineMethod({ summary, params, run: (given, context) => context.ask(kind, given ?? {}) });
}

const Field = z.looseObject({
  key: z.string().describe("Name of the value"),
  type: z
    .string()
    .nullish()
    .describe("text, password, number, textarea, select, checkbox, file or another type of HTML"),
  title: z.unknown().optional(),
  description: z.unknown().optional(),
  placeholder: z.unknown().optional(),
  default: z.unknown().optional().describe("What stands there at first"),
  required: z.unknown().optional(),
  items: z.array(z.unknown()).nullish().describe("What a select offers: texts or {text, value}"),
});

const InputParams = z
  .looseObject({
    title: z.unknown().optional().describe("Heading"),
    description: z.unknown().optional(),
    form: z.array(Field).nullish().describe("What to ask for; without fields it is a question to agree to"),
    confirm: z.unknown().optional().describe("Words on the button"),
    message: z.unknown().optional().describe("The question, for a single value"),
    type: z.unknown().optional().describe("Of a single value: text, password, number or select"),
    placeholder: z.unknown().optional(),
    options: z.array(z.unknown()).nullish().describe("What a single select offers"),
    return: z.string().nullish().describe('Where a single value goes, such as "local.name"'),
  })
  .nullish()
  .transform((params) => params ?? {});

export const input = defineMethod({
  summary: "Ask the person to fill in a form, or for a single value",
  params: InputParams,
  run: async (params, context) => {
    const answer = withBytes(await context.ask("input", params));
    const target = params.return?.replace(/^\{\{\s*|\s*\}\}$/g, "").replace(/^local\./, "");
    if (target) {
      setPath(context.local, target, answer);
      context.memoryChanged();
    }
    return answer;
  },
});

/** Files that a person sent are bytes to the script, as in Pinokio. */
function withBytes(answer: unknown): unknown {
  if (isSentFile(answer)) return Buffer.from(answer.base64, "base64");
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [
      key,
      isSentFile(value) ? Buffer.from(value.base64, "base64") : (value as unknown),
    ]),
  );
}

export const modal = asking("modal", "Show the person a text with links and wait until it is closed", Anything);

export const notify = telling(
  "notify",
  "Tell the person something without waiting",
  z
    .looseObject({
      html: z.unknown().optional().describe("Text, or simple HTML"),
      message: z.unknown().optional().describe("Text"),
      text: z.unknown().optional().describe("Text"),
      title: z.unknown().optional().describe("Words in front of the text"),
      subtitle: z.unknown().optional().describe("Text, when there is no other"),
      description: z.unknown().optional().describe("Text, when there is no other"),
      href: z.unknown().optional().describe("Where a click on it leads"),
      type: z.unknown().optional().describe("info, success, warning or error"),
      duration: z.unknown().optional().describe("Milliseconds it stays"),
      persistent: z.unknown().optional().describe("Stays in the list of notices"),
    })
    .nullish(),
);

export const push = telling("push", "Send the person a desktop notification", Anything);

/** Windows of the page. */
export const htmlmodal = {
  open: defineMethod({
    summary: "Show the person a window with buttons; with await it waits for one of them",
    params: Anything,
    run: (params, context) => {
      if (params["await"]) return context.ask("htmlmodal.open", params);
      context.tell("htmlmodal.open", params);
      return Promise.resolve(params);
    },
  }),
  update: defineMethod({
    summary: "Change a window that is open; with await it waits for a button",
    params: Anything,
    run: (params, context) => {
      if (params["await"]) return context.ask("htmlmodal.update", params);
      context.tell("htmlmodal.update", params);
      return Promise.resolve(params);
    },
  }),
  close: defineMethod({
    summary: "Close a window",
    params: Anything,
    run: (params, context) => {
      context.tell("htmlmodal.close", params);
      return Promise.resolve(params);
    },
  }),
};

export const loading = {
  start: telling("loading.start", "Show that something is being worked on", Anything),
  end: telling("loading.end", "No longer show that something is being worked on", Anything),
};

export const filepicker = {
  open: defineMethod({
    summary: "Let the person choose files or a folder of this machine",
    params: z
      .looseObject({
        title: z.unknown().optional(),
        type: z.enum(["file", "folder"]).optional().catch("file").describe("file or folder"),
        path: z.string().nullish().describe("The folder to begin in, relative to the script"),
        cwd: z.string().nullish().describe("The same as path"),
        filetypes: z.unknown().optional(),
        multiple: z.unknown().optional().describe("More than one may be chosen"),
        save: z.unknown().optional().describe("A new file may be named"),
        initialfile: z.unknown().optional(),
        confirmoverwrite: z.unknown().optional(),
      })
      .nullish()
      .transform((params) => params ?? {}),
    run: async (params, context) => {
      const path = context.resolvePath(params.path ?? params.cwd ?? ".");
      const answer = await context.ask("filepicker.open", { ...params, path });
      return { paths: pathsIn(answer).map((chosen) => resolve(path, chosen)) };
    },
  }),
};

/** One path, a list of them, or an object that holds the list. */
function pathsIn(answer: unknown): string[] {
  if (typeof answer === "object" && answer !== null && "paths" in answer) return pathsIn(answer.paths);
  const list: unknown[] = Array.isArray(answer) ? answer : [answer];
  return list.filter((path): path is string => typeof path === "string" && path !== "");
}

function opening(kind: string, summary: string): Method {
  return defineMethod({
    summary,
    params: z.looseObject({
      uri: z.string().nullish().describe("Address, or a file relative to the script"),
      url: z.string().nullish().describe("The same as uri"),
      target: z.unknown().optional(),
      features: z.unknown().optional(),
    }),
    run: (params, context) => {
      const uri = params.uri ?? params.url ?? "";
      if (uri === "") context.warn(`${kind} was called without an address`);
      else context.tell(kind, { ...params, uri: addressOf(uri, context) });
      return Promise.resolve(undefined);
    },
  });
}

/** A path becomes absolute; `127.0.0.1:7860` is an address without its beginning. */
function addressOf(uri: string, context: MethodContext): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(uri) && !/^[\w.-]+:\d+(?:\/|$)/.test(uri)) return uri;
  if (/^[\w.-]+:\d+(?:\/|$)/.test(uri)) return `http://${uri}`;
  return uri.startsWith("/") ? uri : context.resolvePath(uri);
}

/** Pages. */
export const web = {
  open: opening("web.open", "Open a page for the person"),
  close: telling("web.close", "Close the page that was opened", Anything),
  expose: telling("web.expose", "Give an address a short name", Anything),
};

export const browser = {
  open: opening("browser.open", "Open a page in the person's browser"),
  close: telling("browser.close", "Close the page that was opened", Anything),
};

export const tab = { open: telling("tab.open", "Open a page in a tab", Anything) };

export const uri = {
  open: defineMethod({
    summary: "Open an address of any kind",
    params: z.looseObject({
      uri: z.string().describe("Address"),
      params: z.record(z.string(), z.unknown()).nullish().describe("What to add to it after a question mark"),
    }),
    run: ({ uri: address, params }, context) => {
      if (address.trim() === "") throw new PinokioError("script-invalid", "uri.open was called without an address");
      const whole = withParameters(address, params ?? {});
      context.tell("uri.open", { uri: whole });
      return Promise.resolve({ uri: whole, result: { ok: true } });
    },
  }),
};

/** Lists are repeated, objects become JSON, and what stands after `#` stays at the end. */
export function withParameters(address: string, params: Record<string, unknown>): string {
  const pairs = Object.entries(params).flatMap(([key, value]) => [value].flat().map((one) => [key, one] as const));
  const given = pairs.filter(([, value]) => value !== null && value !== undefined);
  if (given.length === 0) return address;
  const query = new URLSearchParams(
    given.map(([key, value]): [string, string] => [
      key,
      typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );
  const [before = "", ...fragment] = address.split("#");
  const joined = `${before}${before.includes("?") ? "&" : "?"}${query.toString()}`;
  return [joined, ...fragment].join("#");
}

export const clipboard = {
  copy: telling(
    "clipboard.copy",
    "Put a text on the person's clipboard",
    z.looseObject({ text: z.unknown().describe("The text") }).nullish(),
  ),
  paste: asking("clipboard.paste", "Ask for the text on the person's clipboard", Anything),
};

export const terminal = {
  upload: telling("terminal.upload", "Accepted for Pinokio's page, which sends files with it", Anything),
};
