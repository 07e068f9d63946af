import { join } from "node:path";
import * as z from "zod";
import { reasonOf } from "../base/download.js";
import { PinokioError } from "../protocol/errors.js";
import type { Git, GitRemote } from "./git.js";

export interface LfsObject {
  oid: string;
  size: number;
}

/** Where the contents of one object are. */
interface LfsPlace {
  oid: string;
  href: string;
  headers: Record<string, string>;
}

const Answer = z.object({
  objects: z.array(
    z.object({
      oid: z.string(),
      actions: z
        .object({ download: z.object({ href: z.string(), header: z.record(z.string(), z.string()).optional() }) })
        .optional(),
      error: z.object({ code: z.number(), message: z.string() }).optional(),
    }),
  ),
});

const MOST_AT_ONCE = 100;
const ANSWER_MS = 60_000;

/** Where a repository's large files are asked for: what it says itself, or beside its address. */
export async function lfsEndpoint(git: Git, folder: string, { url }: GitRemote, signal: AbortSignal): Promise<string> {
  const file = join(folder, ".lfsconfig");
  const told = await git.ask(["config", "--file", file, "--get", "lfs.url"], { cwd: folder, signal });
  if (told !== null && /^https?:/.test(told.trim())) return told.trim().replace(/\/+$/, "");
  const [, host, path] = /^(?:ssh:\/\/)?(?:[^@/]+@)?([^:/]+)(?::\d+)?[:/](.+)$/.exec(url) ?? [];
  const web = /^https?:/.test(url) ? url : `https://${host ?? ""}/${path ?? ""}`;
  return `${web.replace(/\/+$/, "").replace(/\.git$/, "")}.git/info/lfs`;
}

/** Asks where these objects can be had. Throws where one cannot. */
export async function askLfs(
  endpoint: string,
  objects: readonly LfsObject[],
  remote: GitRemote,
  signal: AbortSignal,
): Promise<LfsPlace[]> {
  const found: LfsPlace[] = [];
  for (let at = 0; at < objects.length; at += MOST_AT_ONCE) {
    const some = objects.slice(at, at + MOST_AT_ONCE).map(({ oid, size }) => ({ oid, size }));
    const answer = Answer.parse(await batch(endpoint, some, remote, signal));
    for (const { oid, actions, error } of answer.objects) {
      if (error !== undefined || actions === undefined) throw notThere(endpoint, error?.message ?? "it is not there");
      found.push({ oid, href: actions.download.href, headers: actions.download.header ?? {} });
    }
  }
  return found;
}

async function batch(
  endpoint: string,
  objects: readonly LfsObject[],
  remote: GitRemote,
  signal: AbortSignal,
): Promise<unknown> {
  const type = "application/vnd.git-lfs+json";
  const ask = (login: Record<string, string>): Promise<Response> =>
    fetch(`${endpoint}/objects/batch`, {
      method: "POST",
      headers: { accept: type, "content-type": type, ...login },
      body: JSON.stringify({ operation: "download", transfers: ["basic"], objects }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
  let response: Response;
  try {
    response = await ask({});
    if (response.status === 401) response = await ask(authorisation(endpoint, remote)); // not before it is wanted, as git
  } catch (error) {
    signal.throwIfAborted();
    throw new PinokioError("network-failed", `${endpoint} could not be reached: ${reasonOf(error)}`, {
      hint: "Check the network, then try again; what has arrived of large files is kept",
    });
  }
  if (response.ok) return response.json();
  await response.body?.cancel();
  if (response.status === 401 || response.status === 403) {
    throw new PinokioError("login-needed", `${endpoint} wants a login for the repository's large files`, {
      hint: "Give a token that may read the repository",
    });
  }
  throw notThere(endpoint, `the server answered ${response.status} ${response.statusText}`.trim());
}

/** Only the repository's own host gets its login. */
function authorisation(endpoint: string, { url, login }: GitRemote): Record<string, string> {
  if (login === null || !/^https?:/.test(url) || new URL(endpoint).origin !== new URL(url).origin) return {};
  return { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}` };
}

const notThere = (endpoint: string, why: string): PinokioError =>
  new PinokioError("network-failed", `The repository's large files could not be had from ${endpoint}: ${why}`, {
    hint: "Try again later, or ask its author: what has arrived is kept",
  });
