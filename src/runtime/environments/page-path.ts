import { readdirSync } from "node:fs";
import { join } from "node:path";

type Variables = Readonly<Record<string, string>>;

export interface ServingCommand {
  line: string;
  /** Whether its step waits for what the program prints, or goes on beside it: what serves a page is started so. */
  isWaitedFor: boolean;
  /** What its shell sees. */
  env: Variables;
}

export interface TellingWorld {
  /** Promises a port to this run; nobody else gets it. */
  portFrom(first: number): Promise<number>;
  /** Whether a Python environment holds a package. */
  holds(environment: string, name: string): boolean;
}

/** The first port that Gradio tries by itself. */
const GRADIO_PORT = 7860;
const STARTS_PYTHON = /(?:^|[\s/"';&|=])(?:python[\d.]*|gradio|accelerate|torchrun|uv\s+run)(?=\s|$)/;
const INSTALLS = /\b(?:pip3?|uv|conda)\s+(?:-\S+\s+)*(?:pip|install|sync|uninstall|add)\b/;
const PORT_FLAG = /\s--(?:server[-_]|listen[-_]|gradio[-_])?port(?:\s+|=)["']?(\d{2,5})\b/;

/**
 * What a command's program has to be told so that its page works below a path such as `/user/x/proxy/{port}`; empty
 * where it needs nothing, or where somebody has said it already. Only Gradio is told: it writes its own address into
 * its page, and answers below the path as well as without it.
 */
export async function pagePathVariables(
  path: string | undefined,
  { line, isWaitedFor, env }: ServingCommand,
  world: TellingWorld,
): Promise<Record<string, string>> {
  if (path === undefined || !isWaitedFor || env["GRADIO_ROOT_PATH"] !== undefined) return {};
  if (!STARTS_PYTHON.test(line) || INSTALLS.test(line) || /\bGRADIO_(?:ROOT_PATH|SERVER_PORT)=/.test(line)) return {};
  const environment = env["VIRTUAL_ENV"] ?? env["CONDA_PREFIX"];
  if (environment === undefined || !world.holds(environment, "gradio")) return {};
  const given = PORT_FLAG.exec(line)?.[1] ?? env["GRADIO_SERVER_PORT"];
  const port = given === undefined ? await world.portFrom(GRADIO_PORT) : Number(given);
  if (!Number.isInteger(port)) return {};
  return {
    ...(given === undefined ? { GRADIO_SERVER_PORT: String(port) } : {}),
    GRADIO_ROOT_PATH: path.replace("{port}", String(port)),
  };
}

/** Whether a package lies in an environment of Python. */
export function holdsPackage(environment: string, name: string): boolean {
  const lib = join(environment, "lib");
  return foldersIn(lib).some(
    (python) => python.startsWith("python3") && foldersIn(join(lib, python, "site-packages")).includes(name),
  );
}

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
