import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readState } from "../../base/atomic-file.js";
import { resolveSettings, SettingsSpec } from "../../config/settings.js";
import { EnvironmentFiles } from "../../environments/environment-files.js";
import type { EnvironmentTools } from "../../environments/environment.js";
import { getConda, usualCondaSource } from "../../environments/get-conda.js";
import { cleanEnvironment } from "../../environments/process-env.js";
import { canDownloadPython } from "../../environments/python-downloads.js";
import { shellEnvironment } from "../../environments/shell-environment.js";
import { lookUp, TOOLS } from "../../environments/tools.js";
import { PinokioError } from "../../protocol/errors.js";
import { homePaths } from "../../storage/paths.js";
import { EXIT } from "../exit-codes.js";
import type { Session } from "../session.js";
import { table } from "../words.js";
import type { AddCommand } from "./command.js";

export const addTools: AddCommand = (program, inSession) => {
  const tools = program
    .command("tools")
    .description("show which programs scripts find here")
    .action(() =>
      inSession((session) => {
        const { PATH = "" } = environmentOf(session);
        const found = TOOLS.map((tool) => ({ name: tool.programs[0], found: lookUp(tool, session.place.home, PATH) }));
        if (session.json) {
          session.print(JSON.stringify(found.map(({ name, found: at }) => ({ name, program: at?.program ?? null }))));
        } else {
          session.print(table(found.map(({ name, found: at }) => [name, at?.program ?? "not here"])));
        }
        return Promise.resolve(EXIT.done);
      }),
    );

  tools
    .command("get")
    .description("fetch a program unless it is here, and print where it is; conda is the one that can be fetched")
    .argument("<name>")
    .action((name: string) =>
      inSession(async (session) => {
        if (name !== "conda") {
          throw new PinokioError("request-invalid", `${name} cannot be fetched`, { hint: "Only conda can" });
        }
        const found = await getConda(worldOf(session));
        session.print(session.json ? JSON.stringify({ program: found }) : found);
        return EXIT.done;
      }),
    );
};

/** What shells of a script outside all apps see. */
function environmentOf({ place: { home } }: Session): Record<string, string> {
  return shellEnvironment({
    base: cleanEnvironment(process.env),
    home,
    files: new EnvironmentFiles(home, null).files,
    activation: null,
    step: {},
    without: [],
    requireVirtualenv: false,
    exists: existsSync,
  });
}

function worldOf(session: Session): EnvironmentTools {
  const { home } = session.place;
  const env = environmentOf(session);
  const settings = readState(homePaths(home).settings, SettingsSpec);
  const { condaUrl, condaSha256 } = resolveSettings(settings.kind === "read" ? settings.value : {}, process.env);
  return {
    home,
    searchPath: env["PATH"] ?? "",
    signal: new AbortController().signal,
    condaSource: () => (condaUrl === null ? usualCondaSource() : { url: condaUrl, sha256: condaSha256 }),
    canDownloadPython: () => canDownloadPython({ home, env }),
    run: (file, args, cwd) => run(file, args, cwd, env),
    ask: () => Promise.reject(new Error("nothing is asked")),
    note: (text) => session.note(text.trimEnd()),
    warn: (message) => session.note(message),
  };
}

/** Standard output is for the answer. */
function run(file: string, args: readonly string[], cwd: string, env: Record<string, string>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: ["ignore", 2, 2] });
    child.on("error", reject);
    child.on("exit", resolve);
  });
}
