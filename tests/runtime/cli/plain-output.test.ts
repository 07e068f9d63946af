import { Buffer } from "node:buffer";
import { expect, test } from "@jest/globals";
import { PlainOutput } from "../../../src/runtime/cli/plain-output.js";

const SAID = "\x1b[1m$ run\x1b[0m\r\nGrüße – 日本語\x1b[36m in colour\x1b[39m\n\x1b]0;title\x07done\n";

test("what a pipe gets has no colours and is else byte for byte, wherever it is cut", () => {
  const bytes = Buffer.from(SAID);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const plain = new PlainOutput();
    const parts = [plain.push(bytes.subarray(0, cut)), plain.push(bytes.subarray(cut))];
    expect(Buffer.concat(parts).toString()).toBe("$ run\r\nGrüße – 日本語 in colour\ndone\n");
  }
});

test("what holds no sequence is passed on as it is", () => {
  const bytes = Buffer.from("a line\n");
  expect(new PlainOutput().push(bytes)).toBe(bytes);
});
