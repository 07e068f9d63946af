import { expect, test } from "@jest/globals";
import { resized, type RunTerminal } from "../../../src/runtime/protocol/terminal.js";

const size = (columns: number) => ({ columns, rows: 24 });

test("each size is known with the first byte that was printed for it", () => {
  const first = resized(undefined, size(100), 0);
  expect(first).toEqual({ ...size(100), since: 0, earlier: [] });
  expect(resized(first, size(100), 50)).toBe(first);
  const third = resized(resized(first, size(80), 70), size(60), 90);
  expect(third).toEqual({
    ...size(60),
    since: 90,
    earlier: [
      { ...size(100), since: 0 },
      { ...size(80), since: 70 },
    ],
  });
});

test("of many sizes the latest are kept", () => {
  let terminal: RunTerminal | undefined;
  for (let columns = 20; columns < 200; columns++) terminal = resized(terminal, size(columns), columns);
  expect(terminal?.earlier).toHaveLength(20);
  expect(terminal?.earlier.at(-1)).toEqual({ ...size(198), since: 198 });
});
