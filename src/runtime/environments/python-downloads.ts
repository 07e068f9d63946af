import { join } from "node:path";
import * as z from "zod";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";

const Known = z.object({ address: z.string(), canDownload: z.boolean(), at: z.string(), until: z.string() });

const LIMIT_MS = 3_000;
const YES_MS = 7 * 24 * 3_600_000;
/** A notebook's network may be switched on at any time. */
const NO_MS = 3_600_000;

export interface PythonDownloads {
  home: string;
  env: Readonly<Record<string, string | undefined>>;
  now?: () => number;
  limitMs?: number;
}

/** Where uv gets Python from. */
const ADDRESS = "https://github.com/astral-sh/python-build-standalone/releases";

/** Whether uv can download Python here: asked once, then known for a while. Never throws. */
export async function canDownloadPython(options: PythonDownloads): Promise<boolean> {
  const { home, env, now = Date.now, limitMs = LIMIT_MS } = options;
  if (env["UV_OFFLINE"] && !["0", "false"].includes(env["UV_OFFLINE"])) return false;
  const address = env["UV_PYTHON_INSTALL_MIRROR"] || ADDRESS;
  // A mirror on this machine's disk is there; through a proxy only uv itself knows the way.
  if (!/^https?:/.test(address) || PROXIES.some((name) => Boolean(env[name]))) return true;
  const file = join(home, "system", "python-downloads.json");
  const known = read(file);
  if (known !== null && known.address === address && now() < Date.parse(known.until)) return known.canDownload;
  const canDownload = await answers(address, limitMs);
  const [at, until] = [now(), now() + (canDownload ? YES_MS : NO_MS)].map((ms) => new Date(ms).toISOString());
  try {
    writeJsonAtomic(file, { address, canDownload, at, until });
  } catch {
    // a full disk: it is asked again
  }
  return canDownload;
}

const PROXIES = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

function read(file: string): z.infer<typeof Known> | null {
  try {
    const found = readState(file, Known);
    return found.kind === "read" ? found.value : null;
  } catch {
    return null;
  }
}

/** Any answer is one, a redirect or a refusal of this very page too. */
async function answers(address: string, limitMs: number): Promise<boolean> {
  try {
    const init: RequestInit = { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(limitMs) };
    const { status } = await fetch(address, init);
    return status < 500;
  } catch {
    return false;
  }
}
