import { createServer } from "node:net";

/** A port that was promised to a program that does not listen on it yet. */
export interface PortClaim {
  release(): void;
}

const NOTHING_TO_HOLD: PortClaim = { release: () => undefined };

/**
 * Claims a port among all sidecars of this machine, or null where another one has it. The claim is a socket with a name
 * of its own, outside of any folder: whoever may see the ports of a machine sees it, and it is gone with its process.
 */
export function claimPort(port: number): Promise<PortClaim | null> {
  if (process.platform !== "linux") return Promise.resolve(NOTHING_TO_HOLD);
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code === "EADDRINUSE" ? null : NOTHING_TO_HOLD);
    });
    server.listen({ path: `\0pinokiocloud-port-${port}`, exclusive: true }, () =>
      resolve({ release: () => void server.close() }),
    );
  });
}
