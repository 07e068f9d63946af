import type { Notices } from "../server/notices.js";

const EVERY_MS = 2_000;

interface WaitingOptions {
  file: string;
  /** Returns whether nothing waits any more. */
  write(): boolean;
  notices: Pick<Notices, "add" | "dismiss">;
  everyMs?: number;
}

/** Writes what a full disk did not take once there is room, and says for as long that it waits. */
export function writeWhenRoom({ file, write, notices, everyMs = EVERY_MS }: WaitingOptions) {
  let waiting: { timer: NodeJS.Timeout; notice: string } | null = null;
  const close = (): void => {
    if (waiting === null) return;
    clearInterval(waiting.timer);
    notices.dismiss(waiting.notice);
    waiting = null;
  };
  return {
    close,
    begin: (): void => {
      if (waiting !== null) return;
      const notice = notices.add({
        level: "warning",
        message: `There is no space left to write ${file}`,
        hint: "What it is to say is known, and is written once there is room: uninstall an app, or empty the trash",
      });
      const timer = setInterval(() => {
        if (write()) close();
      }, everyMs).unref();
      waiting = { timer, notice };
    },
  };
}
