import { sessionExpired } from "../server-proxy.js";

/** Why a page that is opened below a path of Jupyter would miss parts of itself. */
export type PathTrouble = "root-parts" | "other-root";

const LIMIT_MS = 5_000;
const MOST_LETTERS = 500_000;

/**
 * Looks at a page that comes through Jupyter's own address; one of another origin is not ours to see. Rejects with a
 * `PinokioError` where Jupyter asks for a login instead.
 */
export async function troubleBelowPath(address: string): Promise<PathTrouble | null> {
  const { origin, pathname } = new URL(address);
  const path = /^.*?\/proxy\/\d+\//.exec(pathname)?.[0];
  if (origin !== location.origin || path === undefined) return null;
  let answer: Response;
  let text: string;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), LIMIT_MS);
  try {
    answer = await fetch(address, { credentials: "same-origin", signal: late.signal });
    const isPage = answer.headers.get("content-type")?.includes("text/html") === true;
    text = isPage ? (await answer.text()).slice(0, MOST_LETTERS) : "";
  } catch {
    return null; // the page says it better itself
  } finally {
    clearTimeout(timer);
  }
  const isElsewhere = answer.redirected && !new URL(answer.url, address).pathname.startsWith(path);
  if (isElsewhere && /\/login$/.test(new URL(answer.url, address).pathname)) throw sessionExpired();
  return isElsewhere || !answer.ok ? null : troubleIn(text, path, address);
}

/** What the text of a page says of where its parts are. */
export function troubleIn(text: string, path: string, address: string): PathTrouble | null {
  const root = /window\.gradio_config\s*=.*?"root":\s*"([^"]*)"/s.exec(text)?.[1];
  if (root !== undefined) return pathOf(root, address) === path ? null : "other-root";
  const page = new DOMParser().parseFromString(text, "text/html");
  const parts = [...page.querySelectorAll("script[src], link[rel~=stylesheet][href], link[rel~=modulepreload][href]")];
  const isAbove = (part: Element): boolean => {
    const place = part.getAttribute("src") ?? part.getAttribute("href") ?? "";
    return /^\/(?!\/)/.test(place) && !place.startsWith(path);
  };
  return parts.some(isAbove) ? "root-parts" : null;
}

function pathOf(root: string, address: string): string {
  try {
    return root === "" ? "/" : new URL(root, address).pathname.replace(/\/*$/, "/");
  } catch {
    return "/";
  }
}
