import { PLAIN_DATA } from "../protocol/limits.js";

/**
 * What JSON would make of a value that code has built: no functions, no cycles, no surprises from getters. What is
 * deeper, longer or more than a person could want is cut, so that it can be stored and sent whatever it was.
 */
export function toPlainData(value: unknown): unknown {
  const open = new Set<object>();
  let left: number = PLAIN_DATA.mostValues;
  let room: number = PLAIN_DATA.mostCharacters;

  const cut = (text: string): string => {
    const kept = text.length > room ? `${text.slice(0, room)}…` : text;
    room = Math.max(0, room - text.length);
    return kept;
  };

  const convert = (node: unknown, depth: number): unknown => {
    if (left-- <= 0) return undefined;
    switch (typeof node) {
      case "string":
        return cut(node);
      case "number":
        return Number.isFinite(node) ? node : null;
      case "boolean":
        return node;
      case "bigint":
        return String(node);
      case "object":
        return node === null ? null : convertObject(node, depth);
      default:
        return undefined;
    }
  };

  const convertObject = (node: object, depth: number): unknown => {
    if (depth > PLAIN_DATA.deepest || open.has(node)) return null;
    open.add(node);
    try {
      const plain: unknown = "toJSON" in node && typeof node.toJSON === "function" ? node.toJSON() : node;
      if (typeof plain !== "object" || plain === null) return convert(plain, depth + 1);
      if (Array.isArray(plain)) return plain.map((element) => convert(element, depth + 1) ?? null);
      const result: Record<string, unknown> = {};
      for (const [key, element] of Object.entries(plain)) {
        if (key.length > room) break;
        room -= key.length;
        const converted = convert(element, depth + 1);
        if (converted !== undefined && key !== "__proto__") result[key] = converted;
      }
      return result;
    } catch {
      return null; // a getter or a proxy that throws
    } finally {
      open.delete(node);
    }
  };

  return convert(value, 0);
}

/** The same for a value that is stored as an object, such as a script's local memory. */
export function toPlainRecord(value: unknown): Record<string, unknown> {
  const plain = toPlainData(value);
  return typeof plain === "object" && plain !== null && !Array.isArray(plain) ? (plain as Record<string, unknown>) : {};
}
