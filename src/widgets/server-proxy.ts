import { PinokioError } from "../runtime/protocol/errors.js";

/**
 * Whether jupyter-server-proxy runs in the Jupyter server: it answers this address, a server without it says 404.
 * Throws a `PinokioError` where the server cannot be asked.
 */
export async function hasServerProxy(baseUrl: string): Promise<boolean> {
  const address = new URL("server-proxy/servers-info", new URL(baseUrl.replace(/\/*$/, "/"), location.href));
  let answer: Response;
  try {
    answer = await fetch(address, { credentials: "same-origin" });
  } catch (cause) {
    throw new PinokioError("not-connected", "The Jupyter server does not answer", {
      hint: "Look whether it still runs where you started it",
      cause,
    });
  }
  // Whoever is not logged in is sent to a page for that, which is an answer with status 200.
  if (answer.status === 401 || answer.status === 403 || answer.redirected) throw sessionExpired();
  return answer.ok;
}

export const sessionExpired = (): PinokioError =>
  new PinokioError("not-authorised", "Your Jupyter session has expired", { hint: "Reload the page and log in again" });
