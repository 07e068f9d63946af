import type { SidecarClient } from "../client/sidecar-client.js";
import type { RunId } from "../protocol/ids.js";
import { WantedTerminalSize } from "../protocol/terminal.js";

/** Lets a run's programs draw as large as our terminal is. Returns how to stop that; without a terminal nothing is done. */
export function followSize(
  client: SidecarClient,
  runId: RunId,
  screen: NodeJS.WriteStream = process.stdout,
): () => void {
  if (!screen.isTTY) return () => undefined;
  const tell = () => {
    const size = WantedTerminalSize.safeParse({ columns: screen.columns, rows: screen.rows });
    // A run that cannot be reached draws as it did.
    if (size.success) client.request("runs.resize", { runId, ...size.data }).catch(() => undefined);
  };
  tell();
  screen.on("resize", tell);
  return () => void screen.off("resize", tell);
}
