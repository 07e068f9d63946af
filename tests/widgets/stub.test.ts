import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { waitFor } from "@testing-library/dom";
import stub from "../../src/widgets/stub.js";
import { FakeModel } from "../helpers/fake-model.js";

const CODE = `export default { render({ model, el }) { el.textContent = "drawn " + model.get("name"); return () => { el.textContent = "removed"; }; } };`;

// The page's cache lives as long as the page, so every test has a bundle of its own.
let serial = 0;
let code: Uint8Array;
let hash: string;

beforeEach(() => {
  code = new TextEncoder().encode(`${CODE} // ${serial++}`);
  hash = createHash("sha256").update(code).digest("hex");
  // jsdom has no blob addresses.
  URL.createObjectURL = () => `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
});

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const view = (name: string) => {
  const model = new FakeModel({ bundle: hash, name });
  const el = document.createElement("div");
  const remove = stub.render({ model: model as never, el });
  return { model, el, remove };
};
const buffer = () => [new DataView(code.slice().buffer)];
const asked = ({ sent }: FakeModel) =>
  sent.filter(({ content }) => (content as { t: string }).t === "need-bundle").length;

test("it asks for the bundle by hash and hands over to it", async () => {
  const { model, el, remove } = view("a");
  expect(model.sent).toEqual([{ content: { t: "need-bundle", hash }, buffers: [] }]);
  model.receive({ t: "bundle", hash }, buffer());
  await waitFor(() => expect(el.textContent).toBe("drawn a"));
  expect(model.listeners()).toBe(0);
  remove();
  expect(el.textContent).toBe("removed");
});

test("the bundle crosses once per page", async () => {
  const first = view("a");
  const second = view("b");
  expect([asked(first.model), asked(second.model)]).toEqual([1, 0]);
  first.model.receive({ t: "bundle", hash }, buffer());
  await waitFor(() => expect(second.el.textContent).toBe("drawn b"));
  const third = view("c");
  expect(third.el.textContent).toBe("drawn c");
  expect(asked(third.model)).toBe(0);
});

test("another bundle, or one whose content is not what its hash says, is not run", async () => {
  const { model, el, remove } = view("a");
  model.receive({ t: "bundle", hash: "0".repeat(64) }, buffer());
  model.receive({ t: "bundle", hash }, [new DataView(new TextEncoder().encode("export default 1").buffer)]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(el.textContent).toBe("");
  remove();
});

test("a kernel that has no such bundle says so", () => {
  const { model, el, remove } = view("a");
  model.receive({ t: "no-bundle", hash, message: "PinokioCloud was updated: run the setup cell again" });
  expect(el.textContent).toBe("PinokioCloud was updated: run the setup cell again");
  remove();
});

test("a busy kernel is asked again every few seconds, and a dead one is explained after 20", () => {
  jest.useFakeTimers();
  const { model, el, remove } = view("a");
  jest.advanceTimersByTime(19_000);
  expect(asked(model)).toBeGreaterThanOrEqual(3);
  expect(asked(model)).toBeLessThanOrEqual(4);
  expect(el.textContent).toBe("Waiting for the kernel");
  jest.advanceTimersByTime(2000);
  expect(el.textContent).toBe("Session ended: run the setup cell again");
  remove();
  const before = asked(model);
  jest.advanceTimersByTime(20_000);
  expect(asked(model)).toBe(before);
});

test("a bundle that comes late replaces the explanation", async () => {
  jest.useFakeTimers();
  const { model, el } = view("a");
  jest.advanceTimersByTime(21_000);
  jest.useRealTimers();
  model.receive({ t: "bundle", hash }, buffer());
  await waitFor(() => expect(el.textContent).toBe("drawn a"));
});

test("a comm that refuses to send is no error of the page", () => {
  const model = new FakeModel({ bundle: hash });
  model.send = () => {
    throw new Error("Cannot send");
  };
  const remove = stub.render({ model: model as never, el: document.createElement("div") });
  remove();
});
