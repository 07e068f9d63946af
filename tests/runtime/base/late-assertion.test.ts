import { expect, test } from "@jest/globals";
import { isLateAssertion } from "../../../src/runtime/base/late-assertion.js";
import { outsideJest } from "../../helpers/outside-jest.js";

/** Many answers of a server that ends each connection while the last of the answer is not read yet. */
const CODE = `async ({ isLateAssertion }, tell) => {
  const { createServer } = await import("node:net");
  const BYTES = 300_000;
  const body = Buffer.alloc(BYTES);
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write(\`HTTP/1.1 200 OK\\r\\ncontent-length: \${BYTES}\\r\\nconnection: close\\r\\n\\r\\n\`);
      socket.write(body.subarray(0, 200_000));
      setTimeout(() => socket.end(body.subarray(200_000)), 2);
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const seen = { recognised: 0, others: 0, short: 0 };
  process.on("uncaughtException", (error) => (isLateAssertion(error) ? seen.recognised++ : seen.others++));
  for (let round = 0; round < 150 && seen.recognised === 0; round++) {
    const reader = (await fetch("http://127.0.0.1:" + server.address().port)).body.getReader();
    let read = 0;
    for (let piece; !(piece = await reader.read()).done; read += piece.value.length)
      await new Promise((done) => setTimeout(done, 3));
    if (read !== BYTES) seen.short++;
  }
  tell(seen);
  server.close();
}`;

test("what fetch throws at the end of a connection is known, and the answer is whole", () => {
  const [seen] = outsideJest("src/runtime/base/late-assertion.ts", CODE) as { others: number; short: number }[];
  expect(seen).toMatchObject({ others: 0, short: 0 });
}, 30_000);

test("other errors are not taken for it", () => {
  expect(isLateAssertion(new Error("assert(!this.paused)"))).toBe(false);
  const assertion = Object.assign(new Error("assert(!this.paused)"), { code: "ERR_ASSERTION" });
  expect(isLateAssertion(assertion)).toBe(false);
  expect(isLateAssertion("text")).toBe(false);
});
