// The least that a program with a socket can be, to set beside the sidecar: what is above it is ours.

/** `node -e` of this listens on the socket named by its argument and answers one line with another. */
export const BARE_SERVER = `
  const { writeSync } = require("node:fs");
  const server = require("node:net").createServer((socket) => socket.on("data", () => socket.end("pong\\n")));
  server.listen(process.argv[1], () => writeSync(3, "ready\\n"));
  setInterval(() => {}, 60_000);
`;
