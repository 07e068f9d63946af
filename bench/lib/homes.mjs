// Homes of their own, so that nothing is measured in, or left in, the person's.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { endProcess } from "./processes.mjs";

const runProgram = promisify(execFile);

/** A home that does not exist yet. `end` ends its sidecar and removes everything of it. */
export function makeHome({ node, python, staticDir, folder }) {
  const place = mkdtempSync(join(folder, "home-"));
  const path = join(place, "home");
  const env = {
    ...process.env,
    PINOKIOCLOUD_HOME: path,
    PINOKIOCLOUD_NODE: node,
    PINOKIOCLOUD_PYTHON: python,
    // A bench that is interrupted leaves no sidecar for long.
    PINOKIOCLOUD_IDLE_MINUTES: "5",
  };
  const record = () => {
    try {
      return JSON.parse(readFileSync(join(path, "run/sidecar.json"), "utf8"));
    } catch {
      return null;
    }
  };
  return {
    path,
    env,
    /** Where the sidecar listens, as it wrote it down; null when none runs. */
    record,
    /** Starts the sidecar as everybody does, through the command line. */
    up: async () => {
      const { stdout } = await runProgram(node, [join(staticDir, "cli.mjs"), "up", "--json"], { env });
      return JSON.parse(stdout);
    },
    end: async () => {
      const last = record();
      if (last !== null) {
        await endProcess(last.pid);
        rmSync(dirname(last.socket), { recursive: true, force: true });
      }
      rmSync(place, { recursive: true, force: true });
    },
  };
}
