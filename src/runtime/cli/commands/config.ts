import type { Command } from "commander";
import {
  type ConfigChange,
  type ConfigField,
  type ConfigForm,
  typedValue,
  valueProblem,
} from "../../protocol/config.js";
import { quotedWord } from "../../base/command-words.js";
import { nearNames } from "../../base/near-names.js";
import { PinokioError } from "../../protocol/errors.js";
import { appIdOf } from "../../protocol/ids.js";
import { isSecretSetting } from "../../protocol/secret-names.js";
import { canAsk, openPrompt } from "../ask/prompt.js";
import { fieldText, formText, historyText } from "../config-words.js";
import { EXIT } from "../exit-codes.js";
import { readInput } from "../read-input.js";
import { readText } from "../text-files.js";
import { onOneLine } from "../words.js";
import type { AddCommand, RunInSession } from "./command.js";
import { APP, formOf, RESTART, type Restart, told } from "./config-parts.js";
import { addPresets } from "./config-presets.js";
import { addSecrets } from "./config-secrets.js";

/** What apps can be told. */
export const addConfig: AddCommand = (program, inSession) => {
  const config = program.command("config").description("show and change the settings of an app");
  addGetAndSet(config, inSession);
  addPresets(config, inSession);
  addText(config, inSession);
  addHistory(config, inSession);
  addSecrets(config, inSession);
};

function addGetAndSet(config: Command, inSession: RunInSession): void {
  config
    .command("get")
    .description("show every setting, or one; * is in front of those that are not at their default")
    .argument(...APP)
    .argument("[setting]", "its name, such as PORT or server.port; its whole id where several have that name")
    .action((app: string, setting?: string) =>
      inSession(async (session) => {
        const form = await formOf(session, app);
        const shown = setting === undefined ? form : fieldNamed(form, setting);
        if (session.json) session.print(JSON.stringify(shown));
        else session.print("sections" in shown ? formText(shown) : fieldText(shown));
        return EXIT.done;
      }),
    );

  config
    .command("set")
    .description("change settings; a secret is named without a value and read from the terminal or standard input")
    .argument(...APP)
    .argument("<setting=value...>", "such as PORT=7861; nothing behind the = is no value")
    .option("--new", "add variables that are not there yet")
    .option(...RESTART)
    .action((app: string, written: string[], { restart = false, new: mayAdd = false }: Restart & { new?: boolean }) =>
      inSession(async (session) => {
        const client = await session.client();
        const form = await client.request("config.form", { app: appIdOf(app) });
        const changes: ConfigChange[] = [];
        for (const one of written) changes.push(await changeOf(form, one, mayAdd));
        return told(session, await client.request("config.set", { app: form.app, changes, restart }));
      }),
    );

  config
    .command("unset")
    .description("set settings to their default, or to nothing where there is none")
    .argument(...APP)
    .argument("<setting...>", "as `config get` names them")
    .option(...RESTART)
    .action((app: string, names: string[], { restart = false }: Restart) =>
      inSession(async (session) => {
        const client = await session.client();
        const form = await client.request("config.form", { app: appIdOf(app) });
        const changes = names.map((name) => {
          const { id, default: usual = null } = fieldNamed(form, name);
          return { field: id, value: usual };
        });
        return told(session, await client.request("config.set", { app: form.app, changes, restart }));
      }),
    );
}

async function changeOf(form: ConfigForm, written: string, mayAdd: boolean): Promise<ConfigChange> {
  const at = written.indexOf("=");
  const name = at < 0 ? written : written.slice(0, at);
  const isNew = mayAdd && findFields(form, name).length === 0 && VARIABLE.test(name);
  const field = isNew ? newVariable(form, name) : fieldNamed(form, name, { mayAdd: !mayAdd && VARIABLE.test(name) });
  if (field.kind === "secret") {
    if (at >= 0 && written.length > at + 1) {
      throw new PinokioError("request-invalid", `${field.key} is a secret, and others can read a command line`, {
        hint: `Leave its value out: it is asked for, or read from standard input`,
      });
    }
    return { field: field.id, value: at >= 0 ? null : await readSecret(field.key) };
  }
  if (at < 0) throw new PinokioError("request-invalid", `No value is given for ${name}`, { hint: `Write ${name}=…` });
  const value = typedValue(field, written.slice(at + 1));
  const problem = valueProblem(field, value);
  if (problem !== null) {
    throw new PinokioError(
      "request-invalid",
      `${field.key} cannot be ${JSON.stringify(written.slice(at + 1))}: ${problem}`,
    );
  }
  return { field: field.id, value };
}

const VARIABLE = /^[A-Za-z_]\w*$/;

async function readSecret(name: string): Promise<string> {
  const text = canAsk()
    ? await openPrompt(new AbortController().signal).line(`${onOneLine(name)}: `, { secret: true })
    : (await readInput()).replace(/\r?\n$/, "");
  if (text !== "") return text;
  throw new PinokioError("request-invalid", `No value is given for ${name}`, {
    hint: "Give it on standard input; `config unset` takes it away",
  });
}

/** A variable that is not there yet goes into ENVIRONMENT. */
function newVariable({ sections }: ConfigForm, name: string): ConfigField {
  const section = sections.find(({ kind, takesMore }) => kind === "variables" && takesMore);
  if (section === undefined) throw new PinokioError("request-invalid", `This app has no setting named ${name}`);
  const shape = { help: "", value: null, changed: false, optional: true } as const;
  return {
    ...shape,
    id: `${section.id}#${name}`,
    key: name,
    label: name,
    kind: isSecretSetting([name]) ? "secret" : "text",
  };
}

function findFields({ sections }: ConfigForm, name: string): ConfigField[] {
  const fields = sections.flatMap((section) => section.fields);
  const exact = fields.filter(({ id }) => id === name);
  if (exact.length > 0) return exact;
  return fields.filter(
    ({ key, id }) => key === name || key === `--${name}` || id.endsWith(`.${name}`) || id.endsWith(`#${name}`),
  );
}

/** `mayAdd`: it would be added if that were asked for. */
function fieldNamed(form: ConfigForm, name: string, { mayAdd = false } = {}): ConfigField {
  const [only, ...others] = findFields(form, name);
  if (only === undefined) {
    throw new PinokioError("request-invalid", `${form.app} has no setting named ${name}`, {
      hint: [...nearText(form, name), ...(mayAdd ? ["Add it as a new variable with --new"] : [])].join(". "),
    });
  }
  if (others.length === 0) return only;
  throw new PinokioError("request-invalid", `${name} is the name of several settings`, {
    hint: `Say which: ${[only, ...others].map(({ id }) => id).join(", ")}`,
  });
}

function nearText({ app, sections }: ConfigForm, name: string): string[] {
  const near = nearNames(
    name,
    sections.flatMap(({ fields }) => fields.map(({ key }) => key)),
  );
  return [
    near.length === 0 ? `\`pinokiocloud config get ${quotedWord(app)}\` shows them` : `Near to it: ${near.join(", ")}`,
  ];
}

function addText(config: Command, inSession: RunInSession): void {
  config
    .command("raw")
    .description("show a file of settings as text, with marks for its secrets, or write it")
    .argument(...APP)
    .argument("<section>", "as `config get` names it, such as ENVIRONMENT or app/config.yaml")
    .option("--write <file>", "write this file's text in its place; - is standard input")
    .option("--of <version>", "refuse when it is not that version any more, as --json has told it")
    .option(...RESTART)
    .action((app: string, section: string, { write, of, restart = false }: Restart & { write?: string; of?: string }) =>
      inSession(async (session) => {
        const client = await session.client();
        const id = appIdOf(app);
        const now = await client.request("config.text", { app: id, section });
        if (write === undefined) {
          session.print(session.json ? JSON.stringify(now) : now.text);
          return EXIT.done;
        }
        const text = write === "-" ? await readInput() : readText(write);
        const order = { app: id, section, text, version: of ?? now.version, restart };
        return told(session, await client.request("config.setText", order));
      }),
    );
}

function addHistory(config: Command, inSession: RunInSession): void {
  config
    .command("history")
    .description("show what was changed, the latest first")
    .argument(...APP)
    .action((app: string) =>
      inSession(async (session) => {
        const entries = await (await session.client()).request("config.history", { app: appIdOf(app) });
        session.print(session.json ? JSON.stringify(entries) : historyText(entries));
        return EXIT.done;
      }),
    );
  config
    .command("undo")
    .description("take the latest change back, or one by its id")
    .argument(...APP)
    .argument("[id]", "as `config history` names it")
    .option(...RESTART)
    .action((app: string, entry: string | undefined, { restart = false }: Restart) =>
      inSession(async (session) => {
        const client = await session.client();
        const order = { app: appIdOf(app), restart, ...(entry === undefined ? {} : { entry }) };
        return told(session, await client.request("config.undo", order));
      }),
    );
}
