import { PinokioError } from "../protocol/errors.js";
import { isLocalUrl } from "./answers-http.js";

/** What a page says about being shown inside of another one. */
export interface Framing {
  frameOptions: string | null;
  /** The sources of the policy's `frame-ancestors`. */
  frameAncestors: string | null;
}

const LIMIT_MS = 5_000;
const MOST_STEPS = 5;

/** Asks a page of this machine; one that leads elsewhere is followed while it stays here. */
export async function framingOf(address: string): Promise<Framing> {
  let url = address;
  for (let step = 0; step < MOST_STEPS; step++) {
    if (!isLocalUrl(url)) break;
    const response = await ask(url.replace("//0.0.0.0", "//127.0.0.1"));
    const { headers, status } = response;
    await response.body?.cancel();
    const next = status >= 300 && status < 400 ? headers.get("location") : null;
    if (next === null || !URL.canParse(next, url)) {
      return { frameOptions: headers.get("x-frame-options"), frameAncestors: ancestorsOf(headers) };
    }
    url = new URL(next, url).href;
  }
  if (url === address) {
    throw new PinokioError("request-invalid", `"${address}" is not the address of a page of this machine`);
  }
  return { frameOptions: null, frameAncestors: null };
}

async function ask(url: string): Promise<Response> {
  try {
    return await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(LIMIT_MS) });
  } catch (cause) {
    throw new PinokioError("page-unreachable", `${url} does not answer`, { cause });
  }
}

const ancestorsOf = (headers: Headers): string | null =>
  /(?:^|[;,])\s*frame-ancestors([^;,]*)/i.exec(headers.get("content-security-policy") ?? "")?.[1]?.trim() ?? null;
