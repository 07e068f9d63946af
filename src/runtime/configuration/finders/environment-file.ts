import { existsSync } from "node:fs";
import { join } from "node:path";
import { isSecretSetting } from "../../protocol/secret-names.js";
import { changeSecrets, readSecrets, secretPaths } from "../../base/secret-store.js";
import { PinokioError } from "../../protocol/errors.js";
import type { AskedValue } from "../../protocol/launcher.js";
import { env } from "../formats/env.js";
import type { Plain } from "../formats/format.js";
import { KNOWN_VARIABLES } from "../known/variables.js";
import { namesRead } from "../names-read.js";
import { asBefore, TextSettings } from "../text-source.js";
import type { AppPlace, Finder, Prepared, Source, Value, Wanted } from "./finder.js";

export interface EnvironmentWorld {
  home: string;
  /** What an app's ENVIRONMENT says when nobody has changed it; makes the file where that is possible. */
  environmentOf(app: string): { file: string; usual: string };
}

export const ENVIRONMENT = "ENVIRONMENT";

/**
 * An app's variables: its ENVIRONMENT file, what its scripts ask for, and names that they read. Secrets are kept in a
 * file of their own and handed to its runs.
 */
export const environmentFinder = (world: EnvironmentWorld): Finder => ({
  find: (app) => {
    const { file, usual } = world.environmentOf(app.id);
    if (!existsSync(join(app.folder, file))) return Promise.resolve([]);
    const settings = new TextSettings({ app: app.folder, file, format: env, original: usual });
    return Promise.resolve([
      environmentSource(app, settings, {
        file,
        secretFile: secretPaths.of(world.home, app.id),
        sharedFile: secretPaths.shared(world.home),
      }),
    ]);
  },
});

function environmentSource(
  app: AppPlace,
  settings: TextSettings,
  { file, secretFile, sharedFile }: { file: string; secretFile: string; sharedFile: string },
): Source {
  const questions = app.launcher.scripts.flatMap(({ path, questions: titles }) =>
    titles.length === 0 ? [] : [`${path} asks each time it runs: ${titles.join(", ")}`],
  );
  return {
    id: ENVIRONMENT,
    title: "Variables",
    kind: "variables",
    file,
    readBy: null,
    isText: true,
    takesMore: true,
    text: settings.text,
    read: () => {
      const own = secretsIn(secretFile);
      const shared = secretsIn(sharedFile);
      const secrets = { ...shared.values, ...own.values };
      const reading = settings.reading(({ path: [name = ""], value, comment }) => {
        const more = about(name, app.asked(null, [name]), comment);
        return isSecretSetting([name]) ? { ...more, value: secretIn(value, secrets[name]), optional: true } : more;
      });
      const known = new Set(reading.values.map(({ path: [name] }) => name));
      const missing = [...namesAsked(app), ...Object.keys(own.values)].filter((name) => !known.has(name));
      const added = [...new Set(missing)].map((name): Value => {
        const asked = app.asked(null, [name]);
        const value = secrets[name] ?? null;
        return { path: [name], value, optional: true, default: null, help: "", ...about(name, asked, "") };
      });
      return {
        ...reading,
        values: [...reading.values, ...added],
        notes: [...questions, ...[...shared.notes, ...own.notes].slice(0, 1), ...reading.notes],
      };
    },
    prepare: (wanted) => prepareVariables(wanted, settings, secretFile),
  };
}

/** The rest of a form is there without them. */
function secretsIn(file: string): { values: Record<string, string>; notes: string[] } {
  try {
    return { values: readSecrets(file), notes: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { values: {}, notes: [`Whether secrets are set cannot be told: ${why}`] };
  }
}

/** What a script has written into the file itself is newer than what is kept apart. */
const secretIn = (written: Plain, kept: string | undefined): Plain =>
  written !== null && written !== "" ? written : (kept ?? null);

const namesAsked = ({ folder, launcher }: AppPlace): string[] => [
  ...launcher.scripts.flatMap(({ asks }) => asks.filter((one) => one.file === null).map(({ path }) => path[0] ?? "")),
  ...namesRead(folder, launcher),
];

function about(name: string, asked: AskedValue | null, comment: string): Partial<Value> {
  const known = Object.hasOwn(KNOWN_VARIABLES, name) ? KNOWN_VARIABLES[name] : undefined;
  const label = asked?.title || known?.label;
  const choices = asked?.choices ?? [];
  return {
    help: [comment, asked?.description ?? "", comment === "" && asked === null ? (known?.help ?? "") : ""]
      .filter((text) => text !== "")
      .join("\n"),
    ...(label === undefined ? {} : { label }),
    ...(asked?.placeholder ? { placeholder: asked.placeholder } : {}),
    ...(choices.length === 0 || isSecretSetting([name])
      ? {}
      : { rules: { kind: "choice" as const, choices: [...choices], open: true } }),
  };
}

const VALID_NAME = /^[A-Za-z_]\w*$/;

function prepareVariables(wanted: readonly Wanted[], settings: TextSettings, secretFile: string): Prepared {
  const wrong = wanted.find(({ path }) => path.length !== 1 || !VALID_NAME.test(path[0] ?? ""));
  if (wrong !== undefined) {
    throw new PinokioError("request-invalid", `"${wrong.path.join(".")}" cannot be the name of a variable`, {
      hint: "Names hold letters, digits and underscores, and no digit in front",
    });
  }
  const isSecret = ({ path: [name = ""] }: Wanted): boolean => isSecretSetting([name]);
  const secrets = Object.fromEntries(
    wanted.filter(isSecret).map(({ path: [name = ""], value }) => [name, value === null ? null : String(value)]),
  );
  const { read } = settings.now();
  const inFile = read.values.filter(({ path: [name = ""], value }) => Object.hasOwn(secrets, name) && value !== "");
  // What was written in the open is taken out of the file: it is kept apart from now on.
  const blanked = inFile.map(({ path }) => ({ path, value: "" }));
  const file = settings.prepare([...wanted.filter((one) => !isSecret(one)), ...blanked], (value, before) =>
    asBefore(value, before, true),
  );
  if (Object.keys(secrets).length === 0) return file;
  const before = readSecrets(secretFile);
  const earlier = Object.fromEntries(Object.keys(secrets).map((name) => [name, before[name] ?? null]));
  return {
    commit: () => {
      changeSecrets(secretFile, secrets); // first, so that no moment knows of none
      try {
        file.commit();
      } catch (error) {
        changeSecrets(secretFile, earlier);
        throw error;
      }
    },
    takeBack: () => {
      file.takeBack();
      changeSecrets(secretFile, earlier);
    },
  };
}
