import { existsSync, readdirSync } from "node:fs";
import { homePaths } from "../../storage/paths.js";
import { PinokioError } from "../../protocol/errors.js";
import { EXIT } from "../exit-codes.js";
import { endSidecar, findSidecar } from "../start-sidecar.js";
import type { Session } from "../session.js";
import type { AddCommand } from "./command.js";

export const addDown: AddCommand = (program, inSession) => {
  program
    .command("down")
    .description("stop every app of this home, then the sidecar")
    .option("--sidecar-only", "end the sidecar and leave the apps running")
    .action(({ sidecarOnly = false }: { sidecarOnly?: boolean }) =>
      inSession(async (session) => {
        const { json, print, place } = session;
        if (sidecarOnly) {
          const ended = await endSidecar(place);
          print(json ? JSON.stringify({ ended }) : ended ? "The sidecar ended; apps go on running" : "No sidecar runs");
          return EXIT.done;
        }
        const stopped = await stopEverything(session);
        if (json) print(JSON.stringify({ stopped }));
        else if (stopped === null) print(`Nothing runs for ${place.home}`);
        else print(`Stopped ${stopped.length} ${stopped.length === 1 ? "run" : "runs"} and the sidecar`);
        return EXIT.done;
      }),
    );
};

/** A sidecar that died leaves runs behind: a new one finds and ends them. */
async function stopEverything(session: Session): Promise<string[] | null> {
  const { place } = session;
  const { runs } = homePaths(place.home);
  if (findSidecar(place) === null && !(existsSync(runs) && readdirSync(runs).length > 0)) return null;
  try {
    return (await down(session)).stopped;
  } catch (error) {
    if (!(error instanceof PinokioError) || error.code !== "protocol-mismatch") throw error;
    await endSidecar(place);
    return (await down(session)).stopped;
  }
}

async function down(session: Session) {
  const client = await session.client();
  const answer = await client.request("sidecar.down", {});
  await endSidecar(session.place); // resolves when it is gone
  return answer;
}
