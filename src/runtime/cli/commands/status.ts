import { isLive } from "../../protocol/runs.js";
import { EXIT } from "../exit-codes.js";
import { findSidecar } from "../start-sidecar.js";
import { bytesText, runLine } from "../words.js";
import type { AddCommand } from "./command.js";

export const addStatus: AddCommand = (program, inSession) => {
  program
    .command("status")
    .description("say what runs in this home; starts nothing")
    .action(() =>
      inSession(async (session) => {
        const { place, json, print } = session;
        if (findSidecar(place) === null) {
          print(json ? JSON.stringify({ running: false, home: place.home }) : `No sidecar runs for ${place.home}`);
          return EXIT.done;
        }
        const client = await session.client();
        const status = await client.request("sidecar.status", {});
        const runs = (await client.request("runs.list", {})).filter(isLive);
        if (json) {
          print(JSON.stringify({ running: true, ...status, runs }));
          return EXIT.done;
        }
        print(
          `Sidecar ${status.version}, process ${status.pid}, ${bytesText(status.memoryBytes)}, since ${status.startedAt}`,
        );
        print(`Home    ${status.home}${status.mode === "full" ? "" : `  (read-only: ${status.modeReason ?? ""})`}`);
        print(`Log     ${status.logFile}`);
        print(runs.length === 0 ? "No app runs" : runs.map(runLine).join("\n"));
        return EXIT.done;
      }),
    );
};
