import { EXIT } from "../exit-codes.js";
import { endSidecar, ensureSidecar } from "../start-sidecar.js";
import type { AddCommand } from "./command.js";

export const addUp: AddCommand = (program, inSession) => {
  program
    .command("up")
    .description("start the sidecar of this home, unless it runs")
    .option("--replace", "end the one that runs first; apps go on running")
    .action(({ replace = false }: { replace?: boolean }) =>
      inSession(async ({ place, json, print }) => {
        if (replace) await endSidecar(place);
        const { record, started } = await ensureSidecar(place);
        const { socket, tokenFile, pid, version, protocol, node } = record;
        if (json) print(JSON.stringify({ home: place.home, socket, tokenFile, pid, version, protocol, node, started }));
        else
          print(`The sidecar ${started ? "started" : "runs"} (process ${pid}, version ${version}) for ${place.home}`);
        return EXIT.done;
      }),
    );
};
