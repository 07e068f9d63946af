import { isPortFree } from "../base/free-port.js";
import { claimPort } from "../base/port-claims.js";
import { holdsPackage, pagePathVariables } from "../environments/page-path.js";
import type { ShellRequest } from "../methods/method.js";

const LAST_PORT = 65_535;

/** Gives programs what their pages need below the path that they are opened at, and says so in the output. */
export function pageVariablesFor(path: string | undefined, print: (text: string) => void) {
  return async (request: ShellRequest, env: Record<string, string>): Promise<Record<string, string>> => {
    const command = { line: request.command, isWaitedFor: waits(request), env };
    const variables = await pagePathVariables(path, command, { portFrom: promisedPort, holds: holdsPackage });
    const set = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    if (set.length > 0) print(`\x1b[2mSet, since its page is opened through Jupyter: ${set.join(" ")}\x1b[0m\r\n`);
    return variables;
  };
}

const waits = ({ on, detached }: ShellRequest): boolean => detached === true || (Array.isArray(on) && on.length > 0);

/** Held until this process ends. */
async function promisedPort(first: number): Promise<number> {
  for (let port = first; port < LAST_PORT; port++) {
    if ((await isPortFree(port)) && (await claimPort(port)) !== null) return port;
  }
  return first;
}
