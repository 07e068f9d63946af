import { expect, test } from "@jest/globals";
import type { Shown } from "../../../src/runtime/protocol/runs.js";
import { ShownByRun } from "../../../src/runtime/runner/shown.js";

function shownBy() {
  const states: Shown[] = [];
  const shown = new ShownByRun((state) => states.push(state));
  return { shown, now: () => states.at(-1) };
}

test("a window is what its opening and all changes say, until it is closed", () => {
  const { shown, now } = shownBy();
  shown.note("htmlmodal.open", { id: "w", title: "T", html: "one" });
  shown.note("htmlmodal.update", { id: "w", html: "two" });
  expect(now()?.windows).toEqual([{ id: "w", params: { id: "w", title: "T", html: "two" } }]);
  shown.note("htmlmodal.close", { id: "w" });
  expect(now()?.windows).toEqual([]);
});

test("a long page is cut: it is sent with every change of the run", () => {
  const { shown, now } = shownBy();
  shown.note("htmlmodal.open", { id: "w", html: "x".repeat(200_000) });
  expect(String(now()?.windows[0]?.params["html"])).toHaveLength(64 * 1024);
});

test("an answer closes the window unless its button says otherwise; a later change brings it back", () => {
  const { shown, now } = shownBy();
  const actions = [{ id: "go" }, { id: "again", close: false }];
  const params = { id: "w", title: "T", actions, await: true };
  shown.note("htmlmodal.open", params);
  shown.noteAnswer("htmlmodal.open", params, { action: "again" });
  expect(now()?.windows).toHaveLength(1);
  shown.noteAnswer("htmlmodal.open", params, { action: "go" });
  expect(now()?.windows).toEqual([]);
  shown.note("htmlmodal.update", { id: "w", html: "more" });
  expect(now()?.windows[0]?.params).toMatchObject({ title: "T", html: "more" });
});

test("what is being worked on is said until it is over; other methods show nothing", () => {
  const { shown, now } = shownBy();
  shown.note("loading.start", { message: "Downloading" });
  expect(now()?.loading).toBe("Downloading");
  shown.note("loading.end", {});
  expect(now()?.loading).toBeNull();
  const { shown: other, now: nothing } = shownBy();
  other.note("notify", { html: "x" });
  expect(nothing()).toBeUndefined();
});
