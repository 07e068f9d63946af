import { expect, test } from "@jest/globals";
import headless from "@xterm/headless";
import { linksOfLine } from "../../../src/widgets/log/terminal-links.js";

async function bufferOf(text: string) {
  const terminal = new headless.Terminal({ cols: 20, rows: 6, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(text, done));
  return terminal.buffer.active;
}

test("an address that goes on in the next line is one link, from either line", async () => {
  const buffer = await bufferOf("first\r\nOpen http://127.0.0.1:7860/ui now\r\n");
  const link = {
    text: "http://127.0.0.1:7860/ui",
    range: { start: { x: 6, y: 2 }, end: { x: 9, y: 3 } },
  };
  expect(linksOfLine(buffer, 2)).toEqual([link]);
  expect(linksOfLine(buffer, 3)).toEqual([link]);
  expect(linksOfLine(buffer, 1)).toEqual([]);
});
