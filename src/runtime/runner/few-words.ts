const MOST_CHARACTERS = 240;
const MOST_ELEMENTS = 12;
const DEEPEST = 4;

/** Names of values that nobody should read over somebody's shoulder. */
const SECRET = /token|passw|secret|authorization|api_?key|cookie/i;
/** What holds many values that are nobody's business. */
const NAMES_ONLY = new Set(["env", "headers"]);

/** A value as one short line, for people: never more work than what is shown of it. */
export function fewWords(value: unknown): string {
  let text = "";
  const isFull = (): boolean => text.length > MOST_CHARACTERS;
  const add = (more: string): void => {
    if (!isFull()) text += more.slice(0, MOST_CHARACTERS + 1 - text.length).replace(/\s+/g, " ");
  };

  const write = (node: unknown, depth: number): void => {
    if (isFull()) return;
    if (Array.isArray(node)) writeList(node, depth);
    else if (typeof node === "function") add("<function>");
    else if (node instanceof Uint8Array) add(`<${node.length} bytes>`);
    else if (typeof node === "object" && node !== null) writeObject(node as Record<string, unknown>, depth);
    else add(String(node));
  };

  const writeList = (list: unknown[], depth: number): void => {
    if (depth >= DEEPEST) return add("[…]");
    list.slice(0, MOST_ELEMENTS).forEach((element, at) => {
      if (at > 0) add(", ");
      write(element, depth + 1);
    });
    if (list.length > MOST_ELEMENTS) add(", …");
  };

  const writeObject = (object: Record<string, unknown>, depth: number): void => {
    if (depth >= DEEPEST) return add("{…}");
    const names = Object.keys(object);
    names.slice(0, MOST_ELEMENTS).forEach((name, at) => {
      if (at > 0) add(" · ");
      add(`${name}: `);
      const inside: unknown = object[name];
      if (SECRET.test(name)) add("•••");
      else if (NAMES_ONLY.has(name) && typeof inside === "object" && inside !== null) {
        add(Object.keys(inside).slice(0, MOST_ELEMENTS).join(", "));
      } else write(inside, depth + 1);
    });
    if (names.length > MOST_ELEMENTS) add(" · …");
  };

  try {
    if (value !== undefined && value !== null) write(value, 0);
  } catch {
    // a getter of the script's own that throws
  }
  return isFull() ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
