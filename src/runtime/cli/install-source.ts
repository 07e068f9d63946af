import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { SidecarClient } from "../client/sidecar-client.js";
import { isAddress } from "../base/git-address.js";
import type { Inspection } from "../protocol/apps.js";
import { fromWireError, PinokioError } from "../protocol/errors.js";
import { followChange } from "./change-job.js";
import type { Session } from "./session.js";

export interface SourceOptions {
  branch?: string | undefined;
  commit?: string | undefined;
  /** Name of the environment variable that holds a token. */
  tokenFrom?: string | undefined;
}

/** What a person typed as the sidecar takes it: a path counts from where they are, and they typed it. */
export async function sourceOf(
  client: SidecarClient,
  text: string,
  { branch, commit }: SourceOptions,
): Promise<string> {
  const wanted = `${branch === undefined ? "" : `#${branch}`}${commit === undefined ? "" : `@${commit}`}`;
  const isOwnFolder = isPath(text) || (isFolder(resolve(text)) && !isAddress(text) && !(await isPackage(client, text)));
  if (!isOwnFolder) return `${text}${wanted}`;
  if (wanted === "") return text.startsWith("~") ? text : resolve(text);
  throw new PinokioError("request-invalid", `${text} is a folder, and a folder has no branch to choose`, {
    hint: "Check out what you want there, or give the address of its repository",
  });
}

const isPath = (text: string): boolean => /^(?:[~.]?\.?\/|~$|\.{1,2}$)/.test(text);

/** A name of the catalog counts more than a folder of that name that happens to be here. */
async function isPackage(client: SidecarClient, text: string): Promise<boolean> {
  try {
    // What is written as owner/name is answered too, though no source lists it.
    const { id, source } = await client.request("catalog.info", { id: text });
    return source !== "pasted" && id.toLowerCase() === text.toLowerCase();
  } catch (error) {
    if (error instanceof PinokioError && error.code === "package-missing") return false;
    throw error;
  }
}

/** Fetches what lies elsewhere, and says what it would do here. */
export async function inspectSource(
  session: Session,
  client: SidecarClient,
  source: string,
  { tokenFrom }: SourceOptions,
): Promise<Inspection> {
  const { job } = await client.request("apps.fetch", { source, ...tokenIn(tokenFrom) });
  if (job !== null) {
    const { error, state, title } = await followChange(session, client, job);
    if (error !== null) throw fromWireError(error);
    if (state === "cancelled") throw new PinokioError("cancelled", `${title} was cancelled`);
  }
  return client.request("apps.inspect", { source });
}

function tokenIn(variable: string | undefined): { token?: string } {
  if (variable === undefined) return {};
  const token = process.env[variable]?.trim();
  if (token !== undefined && token !== "") return { token };
  throw new PinokioError("login-needed", `The environment has no variable ${variable} with a token in it`, {
    hint: `Set it first: export ${variable}=…`,
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
