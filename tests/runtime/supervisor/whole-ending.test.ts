import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import type { Ending } from "../../../src/runtime/protocol/runs.js";
import { wholeEnding } from "../../../src/runtime/supervisor/whole-ending.js";

const ending = (change: Partial<Ending>): Ending => ({
  ...{ processes: 1, killed: 0, left: 0, portsClosed: [], portsOpen: [], tookMs: 10 },
  ...change,
});

test("what the runner had yet to end when it was killed, and what nobody found any more, is not left", () => {
  const told = ending({ processes: 3, killed: 1, left: 2, portsOpen: [1] });
  expect(wholeEnding(told, null, 900)).toEqual(
    ending({ processes: 3, killed: 1, left: 0, portsClosed: [1], portsOpen: [], tookMs: 900 }),
  );
});

test("what was found without the runner are those that it had left, and more", () => {
  const found = ending({ processes: 2, killed: 2, left: 1, portsClosed: [7], portsOpen: [8] });
  expect(wholeEnding(ending({ processes: 3, left: 2 }), found, 900)).toMatchObject({
    processes: 3,
    killed: 2,
    left: 1,
  });
  expect(wholeEnding(ending({ processes: 3, left: 1 }), found, 900)).toMatchObject({ processes: 4 });
  expect(wholeEnding(ending({ portsClosed: [6] }), found, 900)).toMatchObject({ portsClosed: [6, 7], portsOpen: [8] });
});

test("a port that somebody holds is still open", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  expect(wholeEnding(ending({ portsOpen: [port, 1] }), null, 1)).toMatchObject({ portsOpen: [port], portsClosed: [1] });
  server.close();
});
