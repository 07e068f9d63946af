import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { staticDir } from "./paths.mjs";
import { run } from "./run.mjs";

const ANSWER_LIMIT_MS = 3000;

/** Whether apps run in this person's home. Asks only; starts nothing. */
export async function appsAreRunning() {
  const cli = join(staticDir, "cli.mjs");
  if (!existsSync(cli)) return false;
  const answer = await Promise.race([
    run(process.execPath, [cli, "status", "--json"]),
    sleep(ANSWER_LIMIT_MS, { code: 1 }, { ref: false }),
  ]);
  if (answer.code !== 0) return false;
  try {
    return JSON.parse(answer.output).runs?.length > 0;
  } catch {
    return false;
  }
}
