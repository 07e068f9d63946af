import { findProgram } from "../base/find-program.js";
import type { EnvironmentTools } from "./environment.js";

/** The system's package manager, as far as this user may use it. */
export interface SystemPackages {
  /** What would be run, in a person's words. */
  commandFor(packages: readonly string[]): string;
  /** Resolves with whether all of them are there now. */
  install(packages: readonly string[]): Promise<boolean>;
}

/** Null where there is no apt, or where it would ask for a password that nobody could type. */
export async function systemPackages(
  tools: Pick<EnvironmentTools, "home" | "searchPath" | "run" | "ask">,
  isRoot: boolean = process.getuid?.() === 0,
): Promise<SystemPackages | null> {
  const { home, searchPath } = tools;
  const apt = findProgram("apt-get", searchPath);
  if (apt === null) return null;
  const sudo = isRoot ? null : findProgram("sudo", searchPath);
  if (!isRoot && (sudo === null || (await tools.ask(sudo, ["-n", "true"], home)).exitCode !== 0)) return null;

  const run = (...args: string[]): Promise<number | null> => {
    const command = ["/usr/bin/env", "DEBIAN_FRONTEND=noninteractive", apt, ...args];
    const [program = "", ...rest] = sudo === null ? command : [sudo, "-n", ...command];
    return tools.run(program, rest, home);
  };
  return {
    commandFor: (packages) => [...(sudo === null ? [] : ["sudo"]), "apt-get", "install", ...packages].join(" "),
    install: async (packages) => {
      // Images come without lists of packages, or with old ones; where they cannot be renewed the old ones may do.
      await run("update", "-q");
      return (await run("install", "-y", "-q", "--no-install-recommends", ...packages)) === 0;
    },
  };
}
