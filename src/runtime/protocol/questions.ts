import { plainWords } from "./told.js";

/** A file as a person's machine sends it: the script gets its bytes. */
export interface SentFile {
  name: string;
  base64: string;
}

/** Larger files do not fit through every relay; a script takes those by their path on the machine. */
export const MOST_FILE_BYTES = 4 * 1024 * 1024;

export type FieldValue = string | boolean | SentFile | null;

const LINE_TYPES = ["text", "password", "number", "email", "url", "tel", "search", "date", "time", "datetime-local"];
const OTHER_TYPES = ["month", "week", "color", "range", "textarea", "select", "checkbox", "file", "hidden"];
const KNOWN_TYPES: ReadonlySet<string> = new Set([...LINE_TYPES, ...OTHER_TYPES]);

/** One thing that a form asks for, in the words a person reads. */
export interface FormField {
  key: string;
  /** `textarea`, `select`, `checkbox`, `file`, `hidden`, or a type of HTML's own lines. */
  type: string;
  label: string;
  description: string;
  placeholder: string;
  initial: FieldValue;
  required: boolean;
  /** What a select offers; its value is the place in this list. */
  options: readonly { text: string; value: unknown }[];
  accept: string | null;
  takesFocus: boolean;
}

/** What `input` and its kin ask. */
export interface QuestionForm {
  title: string;
  description: string;
  /** The words on the button, where the script has some. */
  confirm: string | null;
  fields: readonly FormField[];
  /** The answer is the only field's value itself. */
  isSingle: boolean;
}

export function readForm(params: unknown): QuestionForm {
  const given = asObject(params);
  const confirm = words(given["confirm"]);
  const head = { description: words(given["description"]), confirm: confirm === "" ? null : confirm };
  if (Array.isArray(given["form"]) || !isSingle(given)) {
    const fields = (Array.isArray(given["form"]) ? given["form"] : []).map((field) => readField(asObject(field)));
    return { title: words(given["title"] ?? given["message"]), ...head, fields, isSingle: false };
  }
  const message = words(given["message"] ?? given["title"]);
  const field = readField({ ...given, key: "value", title: message, items: given["options"], description: undefined });
  return { title: message, ...head, fields: [field], isSingle: true };
}

const isSingle = (given: Record<string, unknown>): boolean =>
  given["message"] !== undefined &&
  (given["form"] === undefined || given["form"] === null) &&
  ["text", "password", "number", "select", "undefined"].includes(String(given["type"]));

function readField(given: Record<string, unknown>): FormField {
  const type = typeof given["type"] === "string" ? given["type"].toLowerCase() : "text";
  const items = Array.isArray(given["items"]) ? given["items"] : [];
  const options = items.map((item: unknown) => {
    const { text, value = text } = isObject(item) ? item : { text: item, value: item };
    return { text: words(text ?? value), value };
  });
  const kind = type === "radio" || (type === "text" && options.length > 0) ? "select" : type;
  const key = text(given["key"] ?? given["env"]);
  return {
    key,
    type: KNOWN_TYPES.has(kind) ? kind : "text",
    label: words(given["title"]) || key,
    description: words(given["description"]),
    placeholder: text(given["placeholder"]),
    initial: initialOf(kind, given["default"], options),
    required: isTrue(given["required"]),
    options,
    accept: typeof given["accept"] === "string" ? given["accept"] : null,
    takesFocus: isTrue(given["autofocus"]),
  };
}

function initialOf(type: string, value: unknown, options: FormField["options"]): FieldValue {
  if (type === "checkbox") return isTrue(value);
  if (type === "file") return null;
  if (type !== "select") return text(value);
  const found = options.findIndex((option) => text(option.value) === text(value) || option.text === text(value));
  return String(value === undefined || found < 0 ? 0 : found);
}

/** Keys of required fields that are still empty. */
export function missingIn({ fields }: QuestionForm, values: Readonly<Record<string, FieldValue>>): string[] {
  const isEmpty = (value: FieldValue | undefined): boolean =>
    value === undefined || value === null || value === false || (typeof value === "string" && value.trim() === "");
  return fields.filter(({ key, required }) => required && isEmpty(values[key])).map(({ key }) => key);
}

export const initialValues = ({ fields }: QuestionForm): Record<string, FieldValue> =>
  Object.fromEntries(fields.map(({ key, initial }) => [key, initial]));

/** What the script gets: as in Pinokio texts are texts, whatever the field; a single value is what it looks like. */
export function formAnswer(form: QuestionForm, values: Readonly<Record<string, FieldValue>>): unknown {
  const answers = form.fields.map((field) => [field.key, valueOf(field, values[field.key] ?? null)] as const);
  if (!form.isSingle) {
    return Object.fromEntries(answers.map(([key, value]) => [key, typeof value === "number" ? String(value) : value]));
  }
  const [field] = form.fields;
  const value = answers[0]?.[1] ?? null;
  if (field?.type !== "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : null;
}

function valueOf({ type, options }: FormField, value: FieldValue): unknown {
  if (type === "select") return options[Number(value)]?.value ?? "";
  if (type === "checkbox") return value === true;
  return type === "file" ? value : (value ?? "");
}

/** A button of a window. */
export interface WindowAction {
  id: string;
  label: string;
  href: string | null;
  isLink: boolean;
  isPrimary: boolean;
  isDisabled: boolean;
  copies: string | null;
  payload: unknown;
}

export interface QuestionWindow {
  title: string;
  html: string;
  status: string;
  isBusy: boolean;
  actions: readonly WindowAction[];
  isDismissible: boolean;
}

export function readWindow(params: unknown): QuestionWindow {
  const given = asObject(params);
  const status = isObject(given["status"]) ? given["status"] : { text: given["statusText"] ?? given["status"] };
  const actions = (Array.isArray(given["actions"]) ? given["actions"] : []).map(asObject).map(readAction);
  return {
    title: words(given["title"]),
    html: text(given["html"]),
    status: words(status["text"]),
    isBusy: isTrue(status["waiting"]),
    actions,
    isDismissible: given["dismissible"] !== false || actions.length === 0,
  };
}

function readAction(given: Record<string, unknown>): WindowAction {
  const type = given["type"] ?? "submit";
  const label = words(given["label"] ?? given["text"] ?? given["id"]);
  return {
    id: text(given["id"]) || String(type),
    label: label || (type === "link" ? "Open" : "OK"),
    href: typeof given["href"] === "string" ? given["href"] : null,
    isLink: type === "link",
    isPrimary: isTrue(given["primary"]),
    isDisabled: isTrue(given["disabled"]),
    copies: typeof given["copyText"] === "string" ? given["copyText"] : null,
    payload: given["payload"] ?? null,
  };
}

export const windowAnswer = ({ id, payload }: WindowAction): unknown => ({ action: id, payload });

/** A window that a person closes without one of its buttons. */
export const DISMISSED = { action: "dismissed" } as const;

/** What `filepicker.open` asks. */
export interface PathQuestion {
  title: string;
  wants: "file" | "folder";
  /** Where it begins, absolute. */
  path: string;
  /** Empty for all files. */
  endings: readonly string[];
  multiple: boolean;
  /** A file that need not be there yet. */
  saves: boolean;
  initialFile: string;
}

export function readPathQuestion(params: unknown): PathQuestion {
  const given = asObject(params);
  const wants = given["type"] === "folder" ? "folder" : "file";
  return {
    title: words(given["title"]),
    wants,
    path: text(given["path"]) || "/",
    endings: endingsIn([given["filetypes"], given["filetype"]]),
    multiple: isTrue(given["multiple"]) && !isTrue(given["save"]),
    saves: isTrue(given["save"]) && wants === "file",
    initialFile: text(given["initialfile"]),
  };
}

/** `*.png`, wherever it stands in lists and texts; none when all files are allowed too. */
function endingsIn(wanted: unknown): string[] {
  const patterns = JSON.stringify(wanted).match(/\*\.(?:\*|[\w.]+)|"\*"/g) ?? [];
  if (patterns.some((pattern) => pattern === "*.*" || pattern === '"*"')) return [];
  return [...new Set(patterns.map((pattern) => pattern.slice(1)))];
}

export const NO_PATHS = { paths: [] } as const;

export const isSentFile = (value: unknown): value is SentFile =>
  isObject(value) && typeof value["name"] === "string" && typeof value["base64"] === "string";

const isTrue = (value: unknown): boolean => value === true || value === "true" || value === 1;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const asObject = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});

const text = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "";

const words = (value: unknown): string => plainWords(text(value));

/** What of an answer nobody else may see: the values of password fields. */
export function secretAnswers(params: unknown, answer: unknown): string[] {
  const { fields, isSingle: single } = readForm(params);
  const given = asObject(answer);
  return fields
    .filter(({ type }) => type === "password")
    .map(({ key }) => (single ? answer : given[key]))
    .filter((value): value is string => typeof value === "string" && value !== "");
}
