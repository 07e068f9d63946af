import { nearNames } from "../../base/near-names.js";
import { type ConfigChange, type ConfigField, typedValue } from "../../protocol/config.js";
import { PinokioError } from "../../protocol/errors.js";
import type { SettingsForm } from "../../protocol/system.js";
import { fieldText, shownValue } from "../config-words.js";
import { EXIT } from "../exit-codes.js";
import type { Session } from "../session.js";
import { onOneLine, table } from "../words.js";
import type { AddCommand } from "./command.js";

/** What holds for all apps and for PinokioCloud itself. */
export const addSettings: AddCommand = (program, inSession) => {
  const settings = program.command("settings").description("show and change what holds for all apps");

  settings
    .command("get", { isDefault: true })
    .description("show every setting, or one; * is in front of those that are not at their default")
    .argument("[setting]", "its name, such as idleMinutes or everyApp.memory")
    .action((name?: string) =>
      inSession(async (session) => {
        const form = await formOf(session);
        const shown = name === undefined ? form : fieldNamed(form, name);
        if (session.json) session.print(JSON.stringify(shown));
        else session.print("sections" in shown ? formText(shown) : fieldText(shown));
        return EXIT.done;
      }),
    );

  settings
    .command("set")
    .description("change settings")
    .argument("<setting=value...>", "such as idleMinutes=0 or everyApp.memory=8GB; nothing behind the = is no value")
    .action((written: string[]) =>
      inSession(async (session) => {
        const form = await formOf(session);
        return change(
          session,
          written.map((one) => changeOf(form, one)),
        );
      }),
    );

  settings
    .command("unset")
    .description("set settings to their default")
    .argument("<setting...>", "as `settings get` names them")
    .action((names: string[]) =>
      inSession(async (session) => {
        const form = await formOf(session);
        return change(
          session,
          names.map((name) => {
            const { id, default: usual = null } = fieldNamed(form, name);
            return { field: id, value: usual };
          }),
        );
      }),
    );
};

const formOf = async (session: Session): Promise<SettingsForm> => (await session.client()).request("settings.form", {});

async function change(session: Session, changes: ConfigChange[]): Promise<typeof EXIT.done> {
  const form = await (await session.client()).request("settings.set", { changes });
  const changed = changes.map(({ field }) => fieldNamed(form, field));
  if (session.json) session.print(JSON.stringify(form));
  else for (const field of changed) session.print(onOneLine(`${field.id} is ${shown(field)}`));
  return EXIT.done;
}

function changeOf(form: SettingsForm, written: string): ConfigChange {
  const at = written.indexOf("=");
  if (at < 0) {
    throw new PinokioError("request-invalid", `No value is given for ${written}`, { hint: `Write ${written}=…` });
  }
  const field = fieldNamed(form, written.slice(0, at));
  // Several lines are hard to type on a command line.
  const text = field.kind === "lines" ? written.slice(at + 1).replaceAll(",", "\n") : written.slice(at + 1);
  return { field: field.id, value: typedValue(field, text) };
}

function fieldNamed({ sections }: SettingsForm, name: string): ConfigField {
  const fields = sections.flatMap((section) => section.fields);
  const found = fields.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const near = nearNames(
    name,
    fields.map(({ id }) => id),
  );
  throw new PinokioError("request-invalid", `There is no setting named ${name}`, {
    hint: near.length === 0 ? "`pinokiocloud settings get` shows them" : `Near to it: ${near.join(", ")}`,
  });
}

/** A list on one line, as it is typed. */
const shown = ({ value, ...field }: ConfigField): string =>
  shownValue({ ...field, value: typeof value === "string" ? value.replaceAll("\n", ",") : value });

const formText = ({ sections }: SettingsForm): string =>
  sections
    .map(({ title, notes, fields }) =>
      [
        title,
        ...notes.map((note) => `  ${note}`),
        table(fields.map((field) => [`${field.changed ? "*" : " "} ${field.id}`, shown(field), field.label])),
      ].join("\n"),
    )
    .join("\n\n");
