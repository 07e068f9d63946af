/**
 * `{{ expression }}` in a script's text.
 *
 * Only text that an author wrote is a template: what stands in the script, and what an expression that names `self`
 * brings in from it. Everything else (results, arguments, memory, files, answers) is inserted as it is and never
 * evaluated, whole or in parts.
 */

/** The names an expression may use. Without a prototype, so that nothing inherited is a name. */
export type Scope = Record<string, unknown>;

export interface RenderOptions {
  scope: Scope;
  /** Whether the script itself holds exactly this text. */
  isOwnText(text: string): boolean;
  /** Stands around each evaluation and may give another value, or throw as the expression may. */
  around?(expression: string, evaluate: () => unknown): unknown;
}

export interface RenderedStep {
  step: unknown;
  /** The truth of the step's `when`, which may be one template that has no value. */
  isWanted: boolean;
  /** Templates that had no value and so stay as text. */
  unresolved: string[];
}

const MOST_PASSES = 4;

const WHOLE_RAW = /^\{\{\{(.*)\}\}\}$/;
const WHOLE = /^\{\{(.*)\}\}$/;
const EMBEDDED = /\{\{(.*?)\}\}/g;
const RAW = /\{\{\{(.*?)\}\}\}/g;

/** Renders a whole step: keys and values, at any depth, passing again while the script's own text brought in more. */
export function renderStep(step: Record<string, unknown>, options: RenderOptions): RenderedStep {
  const rendering = new Rendering(options);
  let tree: unknown = step;
  for (let pass = 1; pass <= MOST_PASSES; pass++) {
    rendering.unresolved.clear();
    tree = rendering.pass(tree);
    if (!holdsTemplate(tree)) break;
  }
  return { step: rendering.finish(tree), isWanted: rendering.isWanted(tree), unresolved: [...rendering.unresolved] };
}

/** Renders one value on its own, such as a menu item's command. */
export function renderValue(value: unknown, options: RenderOptions): unknown {
  return (renderStep({ value }, options).step as { value?: unknown }).value;
}

/** Every text in a script that may come back through `self` as a template. */
export function ownTextsOf(script: unknown): (text: string) => boolean {
  const texts = new Set<string>();
  const seen = new Set<object>();
  const collect = (node: unknown): void => {
    if (typeof node === "string") {
      if (node.includes("{{")) texts.add(node);
    } else if (typeof node === "object" && node !== null && !seen.has(node)) {
      seen.add(node);
      for (const value of Object.values(node)) collect(value);
    }
  };
  collect(script);
  return (text) => texts.has(text);
}

/** A value that is no template whatever text it holds. */
class Closed {
  constructor(readonly value: unknown) {}
}

/** An expression that is not JavaScript: the object around it stays as it was written. */
class NotAnExpression extends Error {}

const NO_VALUE = Symbol("no value");

class Rendering {
  readonly #options: RenderOptions;
  /** Data that was inserted into text; marks stand for it until the last pass is over. */
  readonly #inserted: string[] = [];
  readonly unresolved = new Set<string>();

  constructor(options: RenderOptions) {
    this.#options = options;
  }

  pass(node: unknown): unknown {
    if (typeof node === "string") return this.#renderText(node);
    if (Array.isArray(node))
      return node.map((element) => this.pass(element)).filter((element) => element !== undefined);
    if (!isPlainObject(node)) return node;
    try {
      const result: Record<string, unknown> = {};
      for (const [key, value] of Object.entries(node)) {
        const renderedKey = this.#renderKey(key);
        if (renderedKey !== null) put(result, renderedKey, this.pass(value));
      }
      return result;
    } catch (error) {
      if (error instanceof NotAnExpression) return node;
      throw error;
    }
  }

  finish(node: unknown): unknown {
    if (node instanceof Closed) return node.value;
    if (typeof node === "string") {
      return this.#insert(node.includes("{{{") ? node.replace(RAW, (_, inside: string) => `{{${inside}}}`) : node);
    }
    if (Array.isArray(node)) return node.map((element) => this.finish(element));
    if (!isPlainObject(node)) return node;
    const result: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(node)) put(result, this.#insert(key), this.finish(value));
    return result;
  }

  isWanted(tree: unknown): boolean {
    if (!isPlainObject(tree) || !Object.hasOwn(tree, "when")) return true;
    const when = tree["when"];
    if (when instanceof Closed) return Boolean(when.value);
    if (typeof when === "string" && !WHOLE_RAW.test(when)) {
      const expression = WHOLE.exec(when)?.[1];
      const compiled = expression === undefined ? null : compile(expression);
      // What has no value does not hold; what cannot be evaluated stays a text, and a text holds.
      if (compiled !== null && this.#evaluate(compiled) === undefined) return false;
    }
    return Boolean(when);
  }

  #renderText(text: string): unknown {
    if (!text.includes("{{") || WHOLE_RAW.test(text)) return text;
    const whole = WHOLE.exec(text)?.[1];
    if (whole !== undefined) {
      const compiled = compile(whole);
      if (compiled !== null) {
        const value = this.#evaluate(compiled);
        if (value !== NO_VALUE && value !== undefined) return this.#close(value, compiled);
        this.#noteUnresolved(whole);
        return text;
      }
      // "{{a}} {{b}}" begins and ends like one template but holds two.
      if ([...text.matchAll(EMBEDDED)].length < 2) throw new NotAnExpression();
    }
    return this.#renderEmbedded(text);
  }

  #renderEmbedded(text: string): string {
    const parts = [...text.matchAll(EMBEDDED)].map(([, inside = ""]) => compile(inside));
    if (parts.includes(null)) return text;
    let index = 0;
    return text.replace(EMBEDDED, (placeholder) => {
      const compiled = parts[index++];
      if (compiled === undefined || compiled === null) return placeholder;
      const value = this.#evaluate(compiled);
      if (value === NO_VALUE || value === undefined) {
        this.#noteUnresolved(placeholder.slice(2, -2));
        return placeholder;
      }
      const inserted = asText(value);
      if (inserted === null) return placeholder;
      const isOwn = compiled.namesSelf && typeof value === "string" && this.#options.isOwnText(value);
      return isOwn || !/[{}]/.test(inserted) ? inserted : this.#mark(inserted);
    });
  }

  /** Null leaves the entry out. */
  #renderKey(key: string): string | null {
    if (!key.includes("{{")) return key;
    const rendered = this.#renderText(key);
    const value = rendered instanceof Closed ? rendered.value : rendered;
    if (value === null || value === false) return null;
    if (rendered instanceof Closed) return this.#mark(asText(value) ?? key);
    return asText(value) ?? key;
  }

  #evaluate(expression: Expression): unknown {
    const { scope, around } = this.#options;
    try {
      if (around !== undefined) return around(expression.text, () => expression.evaluate(scope));
      return expression.evaluate(scope);
    } catch {
      return NO_VALUE;
    }
  }

  #close(value: unknown, { namesSelf }: Expression): unknown {
    if (!namesSelf) return isSimple(value) ? value : new Closed(value);
    return this.#openOwnText(value);
  }

  /** Leaves the script's own texts open for the next pass and closes the rest. */
  #openOwnText(value: unknown): unknown {
    if (typeof value === "string") {
      return isSimple(value) || this.#options.isOwnText(value) ? value : new Closed(value);
    }
    if (!holdsBraces(value)) return isSimple(value) ? value : new Closed(value);
    if (Array.isArray(value)) return value.map((element) => this.#openOwnText(element));
    if (!isPlainObject(value)) return new Closed(value);
    const result: Record<string, unknown> = {};
    for (const [key, element] of Object.entries(value)) put(result, key, this.#openOwnText(element));
    return result;
  }

  /** `event` has its value later, when a shell's output is seen. */
  #noteUnresolved(expression: string): void {
    if (!/\bevent\b/.test(expression)) this.unresolved.add(`{{${expression}}}`);
  }

  #mark(data: string): string {
    this.#inserted.push(data);
    return `${MARK}${this.#inserted.length - 1}${MARK}`;
  }

  #insert(text: string): string {
    if (!text.includes(MARK)) return text;
    return text.replace(MARKED, (mark, index: string) => this.#inserted[Number(index)] ?? mark);
  }
}

// From Unicode's private area: no text that an author or a program writes holds it.
const MARK = "\uF8E7\uE2B1\uF4A9";
const MARKED = new RegExp(`${MARK}(\\d+)${MARK}`, "g");

interface Expression {
  text: string;
  evaluate(scope: Scope): unknown;
  namesSelf: boolean;
}

const compiled = new Map<string, Expression | null>();
const MOST_COMPILED = 5_000;

/** Null when the text is not an expression. */
function compile(text: string): Expression | null {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  const made = build(text);
  compiled.set(text, made);
  return made;
}

function build(text: string): Expression | null {
  try {
    // On its own first, so that a bracket in the text cannot close the block that gives it its names.
    new Function(`return ${text}`);
    const evaluate = new Function("names", `with (names) { return ${text}\n}`) as (scope: Scope) => unknown;
    return { text, evaluate, namesSelf: /\bself\b/.test(text) };
  } catch {
    return null;
  }
}

/** The templates in a text whose inside is not JavaScript. */
export function brokenTemplates(text: string): string[] {
  if (!text.includes("{{") || WHOLE_RAW.test(text)) return [];
  const whole = WHOLE.exec(text)?.[1];
  if (whole !== undefined && compile(whole) !== null) return [];
  return [...text.matchAll(EMBEDDED)].map(([, inside = ""]) => inside).filter((inside) => compile(inside) === null);
}

/** Whether a value or a key, at any depth, still looks like a template. Texts in a list do not count. */
function holdsTemplate(node: unknown): boolean {
  if (Array.isArray(node)) return node.some((element) => typeof element !== "string" && holdsTemplate(element));
  if (!isPlainObject(node)) return false;
  return Object.entries(node).some(
    ([key, value]) => isTemplate(key) || (typeof value === "string" ? isTemplate(value) : holdsTemplate(value)),
  );
}

const isTemplate = (text: string): boolean => /\{\{.*\}\}/.test(text);

function holdsBraces(node: unknown, depth = 0): boolean {
  if (typeof node === "string") return node.includes("{{");
  if (typeof node !== "object" || node === null || depth > 50) return false;
  return Object.values(node).some((value) => holdsBraces(value, depth + 1));
}

/** Nothing in it could be taken for a template later. */
const isSimple = (value: unknown): boolean =>
  typeof value === "string" ? !value.includes("{{") : typeof value !== "object" || value === null;

function asText(value: unknown): string | null {
  try {
    return String(value);
  } catch {
    return null;
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || (prototype as { constructor?: unknown }).constructor === Object;
}

function put(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}
