import type { ReplyOf } from "../../runtime/protocol/requests.js";

/** Why a page at `frame` may not be shown inside of one at `page`, in the page's own words, or null. Addresses. */
export function refusalOf(
  { frameOptions, frameAncestors }: ReplyOf<"pages.framing">,
  frame: string,
  page: string,
): string | null {
  const isSame = new URL(frame).origin === new URL(page).origin;
  // Where there is such a policy, browsers do not look at the older header.
  if (frameAncestors !== null) {
    const allows = frameAncestors.split(/\s+/).some((source) => isMeant(source, new URL(page), isSame));
    return allows ? null : `frame-ancestors ${frameAncestors}`;
  }
  const [option = ""] = (frameOptions ?? "").toLowerCase().split(",");
  const refuses = option.trim() === "deny" || (option.trim() === "sameorigin" && !isSame);
  return refuses ? `X-Frame-Options: ${frameOptions ?? ""}` : null;
}

/** Whether a source of a policy, such as `https://*.example.org:*`, means the page. */
function isMeant(source: string, page: URL, isSame: boolean): boolean {
  if (source === "*") return true;
  if (source.toLowerCase() === "'self'") return isSame;
  if (/^[a-z][a-z\d+.-]*:$/i.test(source)) return page.protocol === source.toLowerCase();
  const parts = /^(?:([a-z][a-z\d+.-]*):\/\/)?([^/:]+|\[[^\]]+\])(?::(\d+|\*))?(?:\/.*)?$/i.exec(source);
  if (parts === null) return false;
  const [, scheme, host = "", port] = parts;
  const isScheme = scheme === undefined || page.protocol === `${scheme.toLowerCase()}:`;
  const isHost = host.startsWith("*.")
    ? page.hostname.endsWith(host.slice(1).toLowerCase())
    : page.hostname === host.toLowerCase();
  return isScheme && isHost && (port === "*" || portOf(page) === (port ?? usualPort(page)));
}

const usualPort = ({ protocol }: URL): string => (protocol === "https:" ? "443" : "80");

const portOf = (url: URL): string => url.port || usualPort(url);
