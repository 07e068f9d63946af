import type { Session } from "./session.js";

/** Does work that Ctrl-C ends where that leaves nothing half done; else Ctrl-C ends only the waiting for it. */
export async function endOrLeave<Result>(
  { note }: Session,
  end: () => Promise<boolean>,
  work: () => Promise<Result>,
): Promise<Result> {
  let isOver = false;
  const onInterrupt = async (): Promise<void> => {
    const ends = await end().catch(() => false);
    if (isOver) return; // its end has been told by now
    if (ends) return note("\nIt ends at the next place where nothing is left half done");
    note("\nIt cannot end here without leaving something half done: it goes on");
    process.exit(130);
  };
  const listener = (): void => void onInterrupt();
  process.on("SIGINT", listener);
  try {
    return await work();
  } finally {
    isOver = true;
    process.removeListener("SIGINT", listener);
  }
}
