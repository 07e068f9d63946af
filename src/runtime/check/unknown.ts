/**
 * Values that are known only when a script really runs: what a command prints, what a person answers, what another
 * script gives back. A walk goes on without them and remembers which of its own values depend on one.
 */

/** Stands for such a value wherever a walk keeps one. */
export class Unknown {
  /** In the middle of a text. */
  toString(): string {
    return "…";
  }
  toJSON(): string {
    return "…";
  }
}

export const UNKNOWN = new Unknown();

/** Notices when an expression reads what is not known. */
export class Watch {
  #touched = false;
  readonly #written = new WeakMap<object, unknown>();

  touch(): void {
    this.#touched = true;
  }

  /** Runs an expression and says whether its value depends on something unknown. */
  observe(evaluate: () => unknown): { value: unknown } | { error: unknown } | { unknown: true } {
    this.#touched = false;
    try {
      const value = evaluate();
      return this.#touched ? { unknown: true } : { value: this.#lowered(value) };
    } catch (error) {
      return this.#touched ? { unknown: true } : { error };
    }
  }

  /** A value as an expression may see it: reading an unknown part of it is noticed. */
  lift(value: unknown): unknown {
    if (value instanceof Unknown) {
      this.touch();
      return ANYTHING;
    }
    if (!holdsUnknown(value)) return value;
    const view = new Proxy(value as object, { get: (target, key) => this.lift(Reflect.get(target, key)) });
    this.#written.set(view, value);
    return view;
  }

  #lowered(value: unknown): unknown {
    return typeof value === "object" && value !== null && this.#written.has(value) ? this.#written.get(value) : value;
  }
}

/** Every property of it and everything it returns is itself, so that an expression can go on to its end. */
export const ANYTHING: unknown = new Proxy(function anything() {}, {
  get: (_, key) => {
    if (key === Symbol.toPrimitive) return () => "…";
    if (key === Symbol.iterator) return () => [][Symbol.iterator]();
    return key === "then" ? undefined : ANYTHING;
  },
  apply: () => ANYTHING,
  construct: () => ANYTHING as object,
  has: () => true,
});

export function holdsUnknown(value: unknown, depth = 0): boolean {
  if (value instanceof Unknown) return true;
  if (typeof value !== "object" || value === null || depth > 20) return false;
  return Object.values(value).some((part) => holdsUnknown(part, depth + 1));
}

/** What two ways to the same step have in common. */
export function joined(one: unknown, other: unknown): unknown {
  if (Object.is(one, other)) return one;
  return textOf(one) === textOf(other) && typeof one === typeof other ? one : UNKNOWN;
}

/** For telling values apart. */
export function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return String(typeof value);
  }
}
