// Our engine as it is used: a sidecar starts a runner for each script.
import { bundleClient, loadClient } from "./client.mjs";
import { makeHome } from "./homes.mjs";
import { clockMs } from "./marked-scripts.mjs";

const WAIT_MS = 60_000;

export async function openOurEngine(context) {
  const home = makeHome(context);
  const { openClient, createSocketTransport } = await loadClient(bundleClient(context));
  const { socket, tokenFile } = await home.up();
  const client = openClient(createSocketTransport(socket, tokenFile));
  await client.request("sidecar.status", {}); // connected
  return {
    home: home.path,
    request: client.request,
    /** Runs a script to its end. `began` is when it was asked for, on the clock of the marks. */
    run: async ({ file, takeMarks }) => {
      const began = clockMs();
      const { run } = await client.request("runs.start", { script: file, consent: true });
      let end = run;
      while (end.state !== "ended") end = await client.request("runs.wait", { runId: run.id, waitMs: WAIT_MS });
      const wholeMs = clockMs() - began;
      if (end.end.outcome !== "finished") throw new Error(`${file}: ${end.end.error?.message ?? end.end.outcome}`);
      return { began, wholeMs, marks: takeMarks(), outputBytes: end.outputBytes };
    },
    end: async () => {
      client.close();
      await home.end();
    },
  };
}
