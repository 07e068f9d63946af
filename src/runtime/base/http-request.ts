import { reasonOf } from "./download.js";
import { refuseSecretAddress } from "./refuse-address.js";
import { PinokioError } from "../protocol/errors.js";

const MOST_REDIRECTS = 20;

/** `fetch` for scripts: every address on the way is looked at, and a failed connection says why. */
export async function request(
  url: string,
  init: RequestInit & { redirects?: number; mayAskLinkLocal?: boolean } = {},
): Promise<Response> {
  let [address, current] = [url, init];
  checkAddress(url);
  for (let redirect = 0; ; redirect++) {
    if (init.mayAskLinkLocal !== true) await refuseSecretAddress(address);
    const response = await ask(address, current);
    const location = response.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    if (redirect >= (init.redirects ?? MOST_REDIRECTS)) return response;
    await response.body?.cancel();
    const next = new URL(location, address);
    const headers = new Headers(current.headers);
    if (next.host !== new URL(address).host) {
      for (const name of ["authorization", "cookie", "proxy-authorization"]) headers.delete(name);
    }
    const { body, method, ...rest } = current;
    const asGet = response.status === 303 || ([301, 302].includes(response.status) && method === "POST");
    if (asGet) for (const name of ["content-type", "content-length"]) headers.delete(name);
    current = { ...rest, headers, ...(asGet ? { method: "GET" } : { body: body ?? null, method: method ?? "GET" }) };
    address = next.href;
  }
}

function checkAddress(url: string): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw new PinokioError("script-invalid", `${JSON.stringify(url)} is no address`, {
    hint: "Write the whole address, beginning with http:// or https://",
  });
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: "manual" });
  } catch (error) {
    if (init.signal?.aborted) throw init.signal.reason;
    throw new PinokioError("step-failed", `${url} did not answer: ${reasonOf(error)}`, { cause: error });
  }
}
