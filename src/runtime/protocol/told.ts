/** What a script wants of the people who watch, whatever method said it. */
export type Told =
  | {
      kind: "message";
      level: "info" | "success" | "warning" | "error";
      text: string;
      /** Where it leads, as the script wrote it: an address, or a script beside it. */
      href: string | null;
      /** How long it stays; null when the script does not say. */
      durationMs: number | null;
      /** Stays in the list of notices. */
      lasting: boolean;
    }
  | { kind: "page"; url: string }
  | { kind: "copy"; text: string };

const LEVELS = ["info", "success", "warning", "error"] as const;
const LONGEST_TEXT = 2_000;

/** Null for what asks nothing of anybody at that moment, such as a window that the run shows anyway. */
export function readTold(kind: string, params: unknown): Told | null {
  const given: Record<string, unknown> = typeof params === "object" && params !== null ? { ...params } : {};
  switch (kind) {
    case "notify":
    case "push":
      return message(given);
    case "web.open":
    case "browser.open":
    case "tab.open":
    case "uri.open": {
      const url = wordsOf(given["uri"] ?? given["url"]);
      return url === "" ? null : { kind: "page", url };
    }
    case "clipboard.copy":
      return { kind: "copy", text: typeof given["text"] === "string" ? given["text"] : wordsOf(given["text"]) };
    default:
      return null;
  }
}

function message(given: Record<string, unknown>): Told | null {
  const said = given["html"] ?? given["message"] ?? given["text"];
  const parts = said === undefined ? [given["title"], given["subtitle"], given["description"]] : [given["title"], said];
  const text = parts.map((part) => plainWords(wordsOf(part))).filter((part) => part !== "");
  if (text.length === 0) return null;
  const level = LEVELS.find((known) => known === given["type"]) ?? "info";
  const duration = Number(given["duration"] ?? Number.NaN);
  const href = wordsOf(given["href"]);
  return {
    kind: "message",
    level,
    text: text.join(": ").slice(0, LONGEST_TEXT),
    href: href === "" ? null : href,
    durationMs: Number.isFinite(duration) && duration > 0 ? duration : null,
    lasting: given["persistent"] === true,
  };
}

/** The same as a line of output, for who reads that; null when there is nothing to read. */
export function toldLine(kind: string, params: unknown): string | null {
  const told = readTold(kind, params);
  if (told?.kind === "message") return `${told.text}${told.href === null ? "" : ` (${told.href})`}`;
  return told?.kind === "page" ? `Page: ${told.url}` : null;
}

const wordsOf = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";

/** What authors write in HTML, as plain text; a line break stays one. */
export function plainWords(html: string): string {
  return html
    .replace(/<(script|style)\b[^]*?<\/\1\s*>/gi, " ")
    .replace(/<(?:br|\/p|\/div|\/li|\/h\d)\b[^<>]*>/gi, "\n")
    .replace(/<\/?[a-z!][^<>]*>/gi, " ")
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => ENTITIES[name] ?? " ")
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " " };
