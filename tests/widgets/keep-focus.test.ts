import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { keepFocus } from "../../src/widgets/keep-focus.js";

let root: HTMLElement;
let removed: AbortController;

beforeEach(() => {
  root = document.createElement("div");
  document.body.append(root);
  removed = new AbortController();
  keepFocus(root, removed.signal);
});
afterEach(() => {
  removed.abort();
  root.remove();
});

const at = (id: string): HTMLElement => root.querySelector<HTMLElement>(`#${id}`)!;
const settled = () => new Promise((done) => setTimeout(done));
const focused = (): string => document.activeElement?.id || (document.activeElement?.tagName ?? "");

const button = (id: string): string => `<button id="${id}"></button>`;

test("what comes in the place of what had the focus has it", async () => {
  root.innerHTML = `${button("other")}<p>${button("more")}${button("start")}</p>`;
  at("more").focus();
  at("start").focus();
  at("start").outerHTML = button("stop");
  await settled();
  expect(focused()).toBe("stop");
});

test("what comes there later has it too, unless somebody has done something", async () => {
  root.innerHTML = `<p id="place">${button("stop")}${button("more")}</p>`;
  const place = at("place");
  at("stop").focus();
  at("stop").remove();
  await settled();
  expect(focused()).toBe("more");
  place.insertAdjacentHTML("afterbegin", button("start"));
  await settled();
  expect(focused()).toBe("start");

  at("start").remove();
  await settled();
  at("more").dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
  place.insertAdjacentHTML("afterbegin", button("again"));
  await settled();
  expect(focused()).toBe("more");
});

test("a sheet that closes gives it back to what opened it", async () => {
  root.innerHTML = `<article>${button("first")}${button("opener")}<div id="sheets"></div></article>`;
  at("first").focus();
  at("opener").focus();
  at("sheets").innerHTML = button("cancel");
  at("cancel").focus();
  at("sheets").innerHTML = "";
  await settled();
  expect(focused()).toBe("opener");
});

test("of a list it is the next row, and after the last one the row before", async () => {
  root.innerHTML = `${button("far")}<ul><li id="a">${button("one")}</li><li id="b">${button("two")}</li><li id="c">${button("three")}</li></ul>`;
  at("one").focus();
  at("two").focus();
  at("b").remove();
  await settled();
  expect(focused()).toBe("three");
  at("c").remove();
  await settled();
  expect(focused()).toBe("one");
});

test("of a row that stays and has nothing more to press it is the row beside it", async () => {
  const row = (id: string): string => `<li><p id="in-${id}">${button(id)}</p></li>`;
  root.innerHTML = `${button("far")}<ul>${["one", "two", "three", "four"].map(row).join("")}</ul>`;
  at("two").focus();
  at("in-two").textContent = "Undone";
  await settled();
  expect(focused()).toBe("three");
  at("four").focus();
  at("in-four").textContent = "Undone";
  await settled();
  expect(focused()).toBe("three");
});

test("with nothing else there it is the page's heading", async () => {
  root.innerHTML = `<article>${button("back")}<h2 id="title" tabindex="-1"></h2><div id="place">${button("gone")}</div></article>`;
  at("gone").focus();
  at("place").innerHTML = "";
  await settled();
  expect(focused()).toBe("title");
});

test("who has left is not brought back", async () => {
  root.innerHTML = `${button("stays")}<p id="place">${button("gone")}</p>`;
  at("gone").focus();
  at("gone").blur();
  await settled();
  at("gone").remove();
  await settled();
  expect(focused()).toBe("BODY");
});

test("a key that went down elsewhere does not press what the focus came to", () => {
  root.innerHTML = `<input id="field">${button("one")}`;
  const key = (type: string, id: string, name: string): boolean =>
    at(id).dispatchEvent(new KeyboardEvent(type, { key: name, bubbles: true, cancelable: true }));
  key("keydown", "field", "Enter");
  expect(key("keypress", "one", "Enter")).toBe(false);
  key("keydown", "field", " ");
  expect(key("keyup", "one", " ")).toBe(false);
  key("keydown", "one", "Enter");
  expect(key("keypress", "one", "Enter")).toBe(true);
  key("keydown", "one", " ");
  expect(key("keyup", "one", " ")).toBe(true);
});

test("a held Enter does not press what the focus came to", () => {
  root.innerHTML = button("one");
  const press = (repeat: boolean): boolean =>
    at("one").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", repeat, bubbles: true, cancelable: true }));
  expect([press(false), press(true)]).toEqual([true, false]);
});

test("a red button never has it by itself", async () => {
  root.innerHTML = `<p>${button("delete")}</p>`;
  at("delete").focus();
  at("delete").outerHTML = `<button id="sure" class="pk-button-danger"></button>${button("cancel")}`;
  await settled();
  expect(focused()).toBe("cancel");
});
