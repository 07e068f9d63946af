import { spawn } from "node:child_process";
import { systemPackages } from "../environments/system-packages.js";
import { PinokioError } from "../protocol/errors.js";
import type { OpenedHome } from "./open-home.js";

const TOLD_BYTES = 2_000;
const LONGEST_LINE = 200;

/** Installs packages of the system because a person asked for exactly these. */
export async function installPackages(
  { home, settings, log }: OpenedHome,
  packages: readonly string[],
  onLine: (line: string) => void,
): Promise<void> {
  if (settings.systemPackages === "never") {
    throw new PinokioError("tool-missing", `${packages.join(", ")} was not installed: settings.json says never`, {
      hint: 'Change "systemPackages" in settings.json, or install it yourself',
    });
  }
  let printed = "";
  const run = (program: string, args: readonly string[], cwd: string): Promise<number | null> =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
      const hear = (bytes: Buffer): void => {
        printed = (printed + bytes.toString("utf8")).slice(-TOLD_BYTES);
        const line = lastLine(printed);
        if (line !== "") onLine(line);
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.on("error", reject);
      child.on("close", (code) => resolve(code));
    });
  const system = await systemPackages({
    home,
    searchPath: process.env["PATH"] ?? "",
    run,
    ask: async (program, args, cwd) => ({ exitCode: await run(program, args, cwd), stdout: "" }),
  });
  if (system === null) {
    throw new PinokioError("tool-missing", `${packages.join(", ")} cannot be installed from here`, {
      hint: "There is no apt-get that this user may use: ask whoever looks after this machine",
    });
  }
  log.write("info", "packages installed", { command: system.commandFor(packages) });
  if (await system.install(packages)) return;
  throw new PinokioError("tool-missing", `${system.commandFor(packages)} failed: ${lastLine(printed)}`, {
    hint: "Run it in a terminal to see all it says",
  });
}

const lastLine = (text: string): string =>
  text
    .trimEnd()
    .split(/[\r\n]/)
    .at(-1)
    ?.trim()
    .slice(0, LONGEST_LINE) ?? "";
