import { createServer } from "node:net";

/** The first that a script is given; what one that is only looked at sees. */
export const FIRST_PORT = 42_003;
const LAST_PORT = 65_535;

/** The first port at or above `from` that nothing on this machine listens on, on any of its addresses. */
export async function findFreePort(from = FIRST_PORT): Promise<number> {
  for (let port = from; port <= LAST_PORT; port++) {
    if (await isPortFree(port)) return port;
  }
  throw new Error(`Every port from ${from} on is in use`);
}

export async function isPortFree(port: number): Promise<boolean> {
  // A listener on one address does not stop another program from binding a different one, so all are asked.
  for (const host of ["0.0.0.0", "::", "127.0.0.1", "::1"]) {
    if (!(await canListen(port, host))) return false;
  }
  return true;
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      // A machine without that address, such as one without IPv6, cannot have a listener there either.
      resolve(error.code !== "EADDRINUSE" && error.code !== "EACCES");
    });
    server.listen({ port, host, exclusive: true, ipv6Only: true }, () => server.close(() => resolve(true)));
  });
}
