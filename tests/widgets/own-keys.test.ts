import { expect, test } from "@jest/globals";
import { fireEvent } from "@testing-library/dom";
import { keepOwnKeys } from "../../src/widgets/own-keys.js";

const MARK = "data-lm-suppress-shortcuts";

function place() {
  document.body.innerHTML = `<div id="view"><button id="inside"></button></div><button id="outside"></button>`;
  const [view, inside, outside] = ["view", "inside", "outside"].map((id) => document.getElementById(id) as HTMLElement);
  const removed = new AbortController();
  keepOwnKeys(view as HTMLElement, removed.signal);
  return { inside: inside as HTMLElement, outside: outside as HTMLElement, removed };
}

test("plain keys in the view are marked as its own before anybody else sees them", () => {
  const { inside } = place();
  let marked: boolean | undefined;
  const look = () => (marked = inside.hasAttribute(MARK));
  document.addEventListener("keydown", look, { capture: true, once: true });
  fireEvent.keyDown(inside, { key: "b" });
  expect(marked).toBe(true);
});

test("shortcuts with Ctrl still reach JupyterLab", () => {
  const { inside } = place();
  fireEvent.keyDown(inside, { key: "b" });
  fireEvent.keyDown(inside, { key: "s", ctrlKey: true });
  expect(inside.hasAttribute(MARK)).toBe(false);
});

test("keys elsewhere, and after the end, are left alone", () => {
  const { inside, outside, removed } = place();
  fireEvent.keyDown(outside, { key: "b" });
  removed.abort();
  fireEvent.keyDown(inside, { key: "b" });
  expect(inside.hasAttribute(MARK) || outside.hasAttribute(MARK)).toBe(false);
});
