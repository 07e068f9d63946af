import type { Command } from "commander";
import { ConfigPreset } from "../../protocol/config.js";
import { PinokioError } from "../../protocol/errors.js";
import { appIdOf } from "../../protocol/ids.js";
import { EXIT } from "../exit-codes.js";
import type { Session } from "../session.js";
import { readText, writeNew } from "../text-files.js";
import { onOneLine, table } from "../words.js";
import type { RunInSession } from "./command.js";
import { APP, formOf, RESTART, type Restart, told } from "./config-parts.js";

export function addPresets(config: Command, inSession: RunInSession): void {
  const preset = config
    .command("preset")
    .description("keep settings under a name, use them again, give them to others");
  const named = (name: string, description: string): Command =>
    preset
      .command(name)
      .description(description)
      .argument(...APP)
      .argument("<name>", "the preset's name");

  preset
    .command("list")
    .description("show an app's presets")
    .argument(...APP)
    .action((app: string) =>
      inSession(async (session) => {
        const { presets } = await formOf(session, app);
        const rows = presets.map(({ name, at, count }) => [name, `${count} settings`, at]);
        session.print(session.json ? JSON.stringify(presets) : rows.length === 0 ? "No presets" : table(rows));
        return EXIT.done;
      }),
    );
  named("save", "keep every setting as it is now; secrets are left out")
    .option(...FORCE)
    .action((app: string, name: string, { force = false }: Force) =>
      inSession(async (session) => {
        const client = await session.client();
        if (!force) await requireNew(session, app, name);
        const saved = await client.request("config.savePreset", { app: appIdOf(app), name });
        session.print(
          session.json
            ? JSON.stringify(saved)
            : `Kept ${Object.keys(saved.values).length} settings as ${onOneLine(saved.name)}`,
        );
        return EXIT.done;
      }),
    );
  named("apply", "set everything as a preset says")
    .option(...RESTART)
    .action((app: string, name: string, { restart = false }: Restart) =>
      inSession(async (session) => {
        const client = await session.client();
        return told(session, await client.request("config.applyPreset", { app: appIdOf(app), name, restart }));
      }),
    );
  named("export", "write a preset into a file, or to standard output")
    .argument("[file]", "the file to write")
    .option("--force", "replace a file that is there")
    .action((app: string, name: string, file: string | undefined, { force = false }: Force) =>
      inSession(async (session) => {
        const client = await session.client();
        const preset = await client.request("config.preset", { app: appIdOf(app), name });
        const text = JSON.stringify(preset, null, 2);
        if (file === undefined) {
          session.print(text);
          return EXIT.done;
        }
        writeNew(file, `${text}\n`, force);
        const count = Object.keys(preset.values).length;
        session.print(
          session.json ? JSON.stringify({ preset: preset.name, file }) : onOneLine(`${count} settings are in ${file}`),
        );
        return EXIT.done;
      }),
    );
  preset
    .command("import")
    .description("take a preset from a file; it is not applied")
    .argument(...APP)
    .argument("<file>", "what `config preset export` has written")
    .option(...FORCE)
    .action((app: string, file: string, { force = false }: Force) =>
      inSession(async (session) => {
        const { name, values } = readPreset(file);
        if (!force) await requireNew(session, app, name);
        const client = await session.client();
        const saved = await client.request("config.savePreset", { app: appIdOf(app), name, values });
        session.print(session.json ? JSON.stringify(saved) : `Took ${onOneLine(saved.name)}`);
        return EXIT.done;
      }),
    );
  named("remove", "forget a preset").action((app: string, name: string) =>
    inSession(async (session) => {
      await (await session.client()).request("config.removePreset", { app: appIdOf(app), name });
      session.print(session.json ? "{}" : `Forgot ${onOneLine(name)}`);
      return EXIT.done;
    }),
  );
}

interface Force {
  force?: boolean;
}

const FORCE = ["--force", "replace a preset of that name"] as const;

async function requireNew(session: Session, app: string, name: string): Promise<void> {
  if (!(await formOf(session, app)).presets.some((preset) => preset.name === name)) return;
  throw new PinokioError("request-invalid", `There is a preset named ${JSON.stringify(name)} already`, {
    hint: "Choose another name, or repeat the command with --force",
  });
}

function readPreset(file: string): ConfigPreset {
  const text = readText(file);
  try {
    return ConfigPreset.parse(JSON.parse(text));
  } catch (error) {
    throw new PinokioError("request-invalid", `${file} holds no preset`, {
      hint: "Take a file that `config preset export` has written",
      cause: error,
    });
  }
}
