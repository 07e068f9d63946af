import { openScreen } from "../client/screen-stream.js";
import type { SidecarClient } from "../client/sidecar-client.js";
import { PinokioError } from "../protocol/errors.js";
import { isLive, type Run } from "../protocol/runs.js";
import { followSize } from "./follow-size.js";

/** Ctrl-], as telnet has it: no program needs it. */
const LEAVE = "\x1d";
const SCROLLBACK = 1_000;
const CLEAR = "\x1b[H\x1b[2J\x1b[3J";
/** Whatever the program has changed of the terminal: mouse, keys, colours, the other screen. */
const AS_IT_WAS =
  "\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1l\x1b[?7h\x1b[?25h\x1b[r\x1b[0m\x1b(B\x0f";

/** Makes our terminal that of the run: its screen, its size, and what is typed. Resolves when it is left or over. */
export async function attach(client: SidecarClient, run: Run): Promise<"left" | "over"> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new PinokioError("request-invalid", "There is no terminal to type at", {
      hint: "Use `pinokiocloud logs --follow`, and `pinokiocloud type` for what is to be typed",
    });
  }
  const stopSize = isLive(run) ? followSize(client, run.id) : () => undefined;
  let output: { close(): void } | null = null;
  let onKeys: (keys: string) => void = () => undefined;
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  try {
    return await new Promise((resolve, reject) => {
      onKeys = (keys) => {
        const [before = "", ...rest] = keys.split(LEAVE);
        if (before !== "") client.request("runs.type", { runId: run.id, text: before }).catch(reject);
        if (rest.length > 0) resolve("left");
      };
      stdin.on("data", onKeys);
      output = openScreen(
        client,
        run.id,
        {
          onScreen: ({ text }) => void stdout.write(`${AS_IT_WAS}${CLEAR}${text}`),
          onBytes: (bytes) => new Promise((written) => stdout.write(bytes, () => written())),
          onEnd: () => resolve("over"),
          onError: reject,
        },
        { scrollback: SCROLLBACK, now: () => performance.now() },
      );
    });
  } finally {
    (output as { close(): void } | null)?.close();
    stopSize();
    stdin.off("data", onKeys);
    stdin.setRawMode(false);
    stdin.pause();
    stdout.write(`${AS_IT_WAS}\r\n`);
  }
}
