import {
  DISMISSED,
  type FieldValue,
  formAnswer,
  type FormField,
  initialValues,
  type QuestionForm,
  readForm,
  readPathQuestion,
  readWindow,
  windowAnswer,
} from "../../protocol/questions.js";
import type { Question } from "../../protocol/runs.js";
import { plainWords } from "../../protocol/told.js";
import { printable } from "../words.js";
import { readPaths, readSentFile } from "./paths.js";
import type { Prompt } from "./prompt.js";

/** Asks a person what a script asks, and resolves with what the script gets. */
export async function askQuestion(question: Question, prompt: Prompt): Promise<unknown> {
  const { kind, params } = question;
  switch (kind) {
    case "filepicker.open":
      return { paths: await readPaths(readPathQuestion(params), prompt) };
    case "htmlmodal.open":
    case "htmlmodal.update":
      return askWindow(params, prompt);
    case "clipboard.paste":
      return prompt.line("The text on your clipboard: ");
    case "modal":
      await askForm({ ...readForm(params), fields: [] }, prompt, linksIn(params));
      return {};
    default:
      return askForm(readForm(params), prompt);
  }
}

async function askForm(form: QuestionForm, prompt: Prompt, links: readonly string[] = []): Promise<unknown> {
  const values: Record<string, FieldValue> = initialValues(form);
  if (!form.isSingle) sayAll(prompt, [form.title, form.description, ...links]);
  for (const field of form.fields) values[field.key] = await askField(field, prompt);
  if (form.fields.length === 0) await prompt.line(`[Enter] ${printable(form.confirm ?? "OK")} `);
  return formAnswer(form, values);
}

async function askField(field: FormField, prompt: Prompt): Promise<FieldValue> {
  const { label, description, type, required, initial } = field;
  sayAll(prompt, [description]);
  for (;;) {
    const value = await askOnce(field, printable(label), prompt);
    const isEmpty = value === null || value === false || value === "";
    if (required && isEmpty) prompt.say(`${printable(label)} is needed`);
    else if (type === "number" && typeof value === "string" && Number.isNaN(Number(value))) {
      prompt.say(`${printable(value)} is not a number`);
    } else return value;
  }
  function askOnce(asked: FormField, name: string, at: Prompt): Promise<FieldValue> {
    const text = typeof initial === "string" ? initial : "";
    switch (asked.type) {
      case "hidden":
        return Promise.resolve(initial);
      case "checkbox":
        return askYesOrNo(name, initial === true, at);
      case "select":
        return askChoice(name, asked, at);
      case "file":
        return readSentFile(name, at);
      case "password":
        return at.line(`${name}: `, { secret: true });
      case "textarea":
        return askText(name, text, at);
      default:
        return at.line(`${name}: `, { initial: text });
    }
  }
}

async function askYesOrNo(name: string, initial: boolean, prompt: Prompt): Promise<boolean> {
  for (;;) {
    const said = (await prompt.line(`${name} ${initial ? "[Y/n]" : "[y/N]"}: `)).trim().toLowerCase();
    if (said === "") return initial;
    if (["y", "yes", "n", "no"].includes(said)) return said.startsWith("y");
  }
}

async function askChoice(name: string, { options, initial }: FormField, prompt: Prompt): Promise<string> {
  prompt.say(`${name}:`);
  options.forEach(({ text }, index) => prompt.say(`  ${index + 1}  ${printable(text)}`));
  const usual = Number(initial) + 1;
  for (;;) {
    const said = (await prompt.line(`Number or name [${usual}]: `)).trim();
    if (said === "") return String(initial);
    const named = options.findIndex(({ text, value }) => text === said || value === said);
    const index = named >= 0 ? named : Number(said) - 1;
    if (options[index] !== undefined) return String(index);
    prompt.say(`There is no ${printable(said)} among them`);
  }
}

/** Until an empty line. */
async function askText(name: string, initial: string, prompt: Prompt): Promise<string> {
  prompt.say(`${name} (an empty line ends it${initial === "" ? "" : "; at once it stays as it is"}):`);
  if (initial !== "") prompt.say(printable(initial));
  const lines: string[] = [];
  for (let line = await prompt.line(""); line !== ""; line = await prompt.line("")) lines.push(line);
  return lines.length === 0 ? initial : lines.join("\n");
}

async function askWindow(params: unknown, prompt: Prompt): Promise<unknown> {
  const { title, html, status, actions } = readWindow(params);
  const buttons = actions.filter(({ isLink, isDisabled }) => !isLink && !isDisabled);
  const links = [
    ...actions.flatMap(({ label, href }) => (href === null ? [] : [`${label}: ${href}`])),
    ...[...html.matchAll(/href\s*=\s*["']?(https?:\/\/[^"'\s>]+)/gi)].map(([, href]) => href ?? ""),
  ];
  sayAll(prompt, [title, plainWords(html), status, ...links]);
  if (buttons.length === 0) {
    await prompt.line("[Enter] Close ");
    return DISMISSED;
  }
  buttons.forEach(({ label }, index) => prompt.say(`  ${index + 1}  ${printable(label)}`));
  const primary = Math.max(
    buttons.findIndex(({ isPrimary }) => isPrimary),
    0,
  );
  for (;;) {
    const said = (await prompt.line(`Number, or 0 to close it [${primary + 1}]: `)).trim();
    if (said === "0") return DISMISSED;
    const button = buttons[said === "" ? primary : Number(said) - 1];
    if (button !== undefined) return windowAnswer(button);
  }
}

function sayAll(prompt: Prompt, texts: readonly string[]): void {
  for (const text of texts) if (text !== "") prompt.say(printable(text));
}

function linksIn(params: unknown): string[] {
  if (typeof params !== "object" || params === null || !("menu" in params) || !Array.isArray(params.menu)) return [];
  return params.menu.flatMap((item: unknown) => {
    const { text, href } = (item ?? {}) as { text?: unknown; href?: unknown };
    return typeof href === "string" ? [`${plainWords(String(text ?? ""))}: ${href}`] : [];
  });
}
