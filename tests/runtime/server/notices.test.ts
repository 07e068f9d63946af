import { expect, test } from "@jest/globals";
import type { Notice } from "../../../src/runtime/protocol/sidecar.js";
import { createNotices } from "../../../src/runtime/server/notices.js";

function noticesWith(stored: Notice[] = []) {
  const written: Notice[][] = [];
  const told: Notice[][] = [];
  const store = { read: () => stored, write: (notices: Notice[]) => void written.push(notices) };
  return { written, told, notices: createNotices((list) => void told.push(list), store) };
}

const lasting = (message: string) => ({ level: "info", message, lasting: true, from: "app" }) as const;

test("only lasting notices are kept, and a change of the others writes nothing", () => {
  const { notices, written } = noticesWith();
  notices.add({ level: "warning", message: "for now" });
  expect(written).toEqual([]);
  notices.add(lasting("for long"));
  expect(written[0]).toMatchObject([{ message: "for long" }]);
  expect(notices.list()).toHaveLength(2);
  notices.dismiss(notices.list()[1]!.id);
  expect(written.at(-1)).toEqual([]);
});

test("what was kept is there again", () => {
  const kept: Notice = { id: "1", level: "info", message: "m", at: "2026-01-01T00:00:00.000Z", lasting: true };
  expect(noticesWith([kept]).notices.list()).toEqual([kept]);
});

test("the same words of the same app are one notice, and a flood of others pushes the oldest out", () => {
  const { notices } = noticesWith();
  for (let times = 0; times < 3; times++) notices.add(lasting("again"));
  expect(notices.list()).toHaveLength(1);
  notices.add({ level: "error", message: "of the sidecar" });
  for (let index = 0; index < 80; index++) notices.add(lasting(`number ${index}`));
  expect(notices.list()).toHaveLength(51);
  expect(notices.list()[0]).toMatchObject({ message: "of the sidecar" });
  expect(notices.list().at(-1)).toMatchObject({ message: "number 79" });
});
