import { createServer } from "node:net";
import { expect, test } from "@jest/globals";
import { findFreePort, isPortFree } from "../../../src/runtime/base/free-port.js";

test("a port that something listens on, on any address, is not given out", async () => {
  const port = await findFreePort();
  expect(port).toBeGreaterThanOrEqual(42_003);
  for (const host of ["127.0.0.1", "0.0.0.0", "127.0.0.2"]) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    expect(await isPortFree(port)).toBe(false);
    expect(await findFreePort(port)).toBeGreaterThan(port);
    await new Promise((resolve) => server.close(resolve));
  }
  expect(await isPortFree(port)).toBe(true);
});
