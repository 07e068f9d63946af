/**
 * Keys as scripts write them: "a.b.0" goes into objects and arrays, while "items[0]" and "a/b" are plain names.
 * A key that begins with a bracket, such as "[0].name" or "['a.b'].c", says its first part in the bracket.
 */
export function splitPath(key: string): string[] {
  const bracketed = /^\[(?:(\d+)|"([^"]*)"|'([^']*)')\]\.?(.*)$/s.exec(key);
  if (bracketed === null) return key.split(".");
  const [, index, double, single, rest] = bracketed;
  const first = index ?? double ?? single ?? "";
  return rest === undefined || rest === "" ? [first] : [first, ...rest.split(".")];
}

/** Sets one key, making the objects on the way to it. A key that leads into text or a number changes nothing. */
export function setPath(target: object, key: string, value: unknown): void {
  const parts = splitPath(key);
  const last = parts.pop();
  if (last === undefined) return;
  let holder: object = target;
  for (const part of parts) {
    const found = own(holder, part);
    if (found === undefined || found === null) {
      const made = {};
      define(holder, part, made);
      holder = made;
    } else if (typeof found === "object" || typeof found === "function") {
      holder = found;
    } else {
      return;
    }
  }
  define(holder, last, value);
}

/** Removes one key; from an array, the element, so that those behind it move up. */
export function removePath(target: object, key: string): void {
  const parts = splitPath(key);
  const last = parts.pop();
  let holder: unknown = target;
  for (const part of parts) holder = own(holder, part);
  if (last === undefined || typeof holder !== "object" || holder === null) return;
  if (Array.isArray(holder) && /^\d+$/.test(last)) {
    if (Number(last) < holder.length) holder.splice(Number(last), 1);
  } else {
    Reflect.deleteProperty(holder, last);
  }
}

// Scripts choose the keys, so what is inherited, such as `constructor`, must not be reachable.
function own(holder: unknown, key: string): unknown {
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, key)) return undefined;
  return (holder as Record<string, unknown>)[key];
}

function define(holder: object, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    Reflect.set(holder, key, value);
  }
}
