import { Buffer } from "node:buffer";
import { openAsBlob, statSync } from "node:fs";
import { basename } from "node:path";
import * as z from "zod";
import { download } from "../base/download.js";
import { request } from "../base/http-request.js";
import { refuseSecretAddress } from "../base/refuse-address.js";
import { PinokioError } from "../protocol/errors.js";
import { defineMethod, type MethodContext } from "./method.js";
import { DownloadProgress } from "./progress.js";

const Headers_ = z.record(z.string(), z.unknown()).nullish();

const Config = z.looseObject({
  url: z.string().describe("Address"),
  method: z.string().nullish().describe("GET by default"),
  baseURL: z.string().nullish().describe("In front of an address that is not whole"),
  params: z.record(z.string(), z.unknown()).nullish().describe("What to add to the address after a question mark"),
  data: z.unknown().optional().describe("What to send; an object is sent as JSON"),
  headers: Headers_,
  auth: z.looseObject({ username: z.string(), password: z.string() }).nullish().describe("Name and password"),
  responseType: z.string().nullish().describe("json, text or arraybuffer; by default JSON when it is, else text"),
  timeout: z.number().nullish().describe("Milliseconds"),
  maxRedirects: z.number().nullish(),
});
type Config = z.output<typeof Config>;

/** One request with what axios would send. */
async function send(config: Config, context: MethodContext): Promise<Response> {
  const method = (config.method ?? "GET").toUpperCase();
  const headers = headersOf(config);
  const body = ["GET", "HEAD"].includes(method) ? null : bodyOf(config.data, headers);
  const signals = [context.signal, ...(config.timeout ? [AbortSignal.timeout(config.timeout)] : [])];
  const redirects = config.maxRedirects ?? undefined;
  try {
    return await request(addressOf(config), {
      method,
      headers,
      body,
      signal: AbortSignal.any(signals),
      mayAskLinkLocal: context.mayAskLinkLocal,
      ...(redirects === undefined ? {} : { redirects }),
    });
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof DOMException) || error.name !== "TimeoutError") throw error;
    throw new PinokioError("timeout", `${config.url} did not answer within ${config.timeout ?? 0} ms`, {
      cause: error,
    });
  }
}

function addressOf({ url, baseURL, params }: Config): string {
  const whole = baseURL && !URL.canParse(url) ? `${baseURL.replace(/\/+$/, "")}/${url.replace(/^\/+/, "")}` : url;
  if (!params || !URL.canParse(whole)) return whole;
  const address = new URL(whole);
  for (const [key, value] of Object.entries(params)) {
    for (const [name, element] of Array.isArray(value)
      ? value.map((one) => [`${key}[]`, one] as const)
      : [[key, value]]) {
      if (element === null || element === undefined) continue;
      address.searchParams.append(
        name as string,
        typeof element === "object" ? JSON.stringify(element) : String(element),
      );
    }
  }
  return address.href;
}

function headersOf({ headers, auth }: Pick<Config, "headers" | "auth">): Headers {
  const result = new Headers({ accept: "application/json, text/plain, */*" });
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value !== null && value !== undefined && value !== false) result.set(name, String(value));
  }
  if (auth) {
    const text = Buffer.from(`${auth.username}:${auth.password}`).toString("base64");
    result.set("authorization", `Basic ${text}`);
  }
  return result;
}

function bodyOf(data: unknown, headers: Headers): NonNullable<RequestInit["body"]> | null {
  if (data === undefined || data === null) return null;
  const setType = (type: string): void => {
    if (!headers.has("content-type")) headers.set("content-type", type);
  };
  if (data instanceof Uint8Array) return new Uint8Array(data);
  if (typeof data !== "object") {
    setType("application/x-www-form-urlencoded");
    return String(data);
  }
  const type = headers.get("content-type") ?? "";
  if (type.includes("application/x-www-form-urlencoded")) return new URLSearchParams(fieldsOf(data));
  if (type.includes("multipart/form-data")) {
    headers.delete("content-type"); // with the mark between the parts, which only the body knows
    const form = new FormData();
    for (const [name, value] of fieldsOf(data)) form.append(name, value);
    return form;
  }
  setType("application/json");
  return JSON.stringify(data);
}

const fieldsOf = (data: object): [string, string][] =>
  Object.entries(data).flatMap(([name, value]: [string, unknown]) =>
    [value].flat().map((one): [string, string] => [name, typeof one === "object" ? JSON.stringify(one) : String(one)]),
  );

async function readBody(response: Response, type: string | null | undefined): Promise<unknown> {
  if (type === "arraybuffer" || type === "stream" || type === "blob") return Buffer.from(await response.arrayBuffer());
  const text = await response.text();
  if (type === "text") return text;
  try {
    return text === "" ? text : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}

/** The old method: the body alone, and an error unless the server agrees. */
const bare = defineMethod({
  summary: "Ask a web server; the result is its answer's body",
  params: Config,
  run: async (config, context) => {
    const response = await send(config, context);
    const body = await readBody(response, config.responseType);
    if (response.ok) return body;
    const said = typeof body === "string" ? body : JSON.stringify(body);
    throw new PinokioError("step-failed", `${config.url} answered ${response.status}: ${said.slice(0, 300)}`.trim());
  },
});

/** Web servers. */
export const net = {
  bare,

  request: defineMethod({
    summary: "Ask a web server; the result is its answer with status and headers",
    params: Config,
    run: async (config, context) => {
      const response = await send(config, context);
      const body = await readBody(response, config.responseType);
      return { status: response.status, headers: Object.fromEntries(response.headers), body };
    },
  }),

  download: defineMethod({
    summary: "Download a file; what arrived in part is completed",
    params: z.looseObject({
      url: z.string().describe("Address"),
      path: z.string().min(1).describe("The file to make"),
      headers: Headers_,
      sha256: z
        .string()
        .regex(/^[0-9a-fA-F]{64}$/)
        .optional()
        .describe("What the file must come to"),
    }),
    run: async ({ url, path, headers, sha256 }, context) => {
      await context.checkRoom();
      const progress = new DownloadProgress(url, context);
      const result = await download({
        url,
        to: { path: context.resolvePath(path) },
        headers: Object.fromEntries(headersOf({ headers, auth: null })),
        sha256,
        signal: context.signal,
        ...(context.mayAskLinkLocal ? {} : { checkAddress: refuseSecretAddress }),
        ...progress.handlers,
      });
      progress.end(result.bytes);
      return result;
    },
  }),

  upload: defineMethod({
    summary: "Send a file to a web server: as a form's field, or as it is with PUT",
    params: z.looseObject({
      url: z.string().describe("Address"),
      file: z.string().min(1).describe("The file, relative to the script"),
      field: z.string().default("file").describe("Name of the form's field"),
      method: z.string().default("POST").describe("POST sends a form, PUT the bytes alone"),
      headers: Headers_,
    }),
    run: async ({ url, file, field, method, headers }, context) => {
      const path = context.resolvePath(file);
      if (!(statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)) {
        throw new PinokioError("step-failed", `${path} is not there`);
      }
      const blob = await openAsBlob(path);
      const form = new FormData();
      form.append(field, blob, basename(path));
      const upper = method.toUpperCase();
      const response = await request(url, {
        method: upper,
        headers: headersOf({ headers, auth: null }),
        body: upper === "PUT" ? blob : form,
        signal: context.signal,
        mayAskLinkLocal: context.mayAskLinkLocal,
      });
      return { status: response.status, body: await readBody(response, null) };
    },
  }),
};
