import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor, within } from "@testing-library/dom";
import type { Question } from "../../../src/runtime/protocol/runs.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { ask, fill } from "../../helpers/ask.js";
import { closeViews } from "../../helpers/show-view.js";

afterEach(closeViews);

const press = (place: HTMLElement, name: string) => within(place).getByRole("button", { name }).click();

test("every kind of field has its words and its default, and sends what a person put there", async () => {
  const { place, answered } = await ask("input", {
    title: "How?",
    description: "First line<br>second",
    form: [
      { key: "name", title: "Name", placeholder: "my-model", description: "Shown in the list" },
      { key: "secret", title: "Token", type: "password" },
      { key: "steps", title: "Steps", type: "number", default: 20 },
      { key: "text", title: "Prompt", type: "textarea", default: "a lighthouse" },
      { key: "fast", title: "Fast", type: "checkbox", default: true },
      {
        key: "size",
        title: "Model",
        type: "select",
        items: [
          { text: "Small", value: "s" },
          { text: "Large", value: "l" },
        ],
      },
      { key: "colour", title: "Colour", type: "color", default: "#ff0000" },
      { key: "odd", title: "Odd", type: "no-such-type" },
    ],
  });
  const field = (name: string) => within(place).getByLabelText<HTMLInputElement>(name);
  expect(within(place).getByRole("heading", { name: "How?" })).toBeTruthy();
  expect(field("Name").placeholder).toBe("my-model");
  expect(document.getElementById(field("Name").getAttribute("aria-describedby")!)?.textContent).toBe(
    "Shown in the list",
  );
  expect([field("Token").type, field("Steps").type, field("Odd").type]).toEqual(["password", "number", "text"]);
  expect([field("Steps").value, field("Fast").checked, field("Colour").value]).toEqual(["20", true, "#ff0000"]);
  fill(field("Name"), "ada");
  fill(field("Token"), "hf_x");
  field("Fast").click();
  fill(field("Model"), "1");
  press(place, "Send");
  expect(await answered()).toEqual({
    name: "ada",
    secret: "hf_x",
    steps: "20",
    text: "a lighthouse",
    fast: false,
    size: "l",
    colour: "#ff0000",
    odd: "",
  });
});

test("what is needed and missing is said at its field, which gets the focus; nothing is sent", async () => {
  const { place, sidecar, answered } = await ask("input", {
    form: [
      { key: "a", title: "First" },
      { key: "b", title: "Second", required: true },
    ],
  });
  press(place, "Send");
  expect(await within(place).findByText("Needed")).toBeTruthy();
  const second = within(place).getByLabelText(/^Second/);
  expect(document.activeElement).toBe(second);
  expect(second.getAttribute("aria-invalid")).toBe("true");
  expect(sidecar.asked("runs.answer")).toEqual([]);
  fill(second, "x");
  await waitFor(() => expect(within(place).queryByText("Needed")).toBeNull());
  expect(second.getAttribute("aria-invalid")).toBeNull();
  press(place, "Send");
  expect(await answered()).toEqual({ a: "", b: "x" });
});

test("what the script asks next has the focus, as long as nobody has gone elsewhere", async () => {
  const question = (id: string, title: string): Question => ({
    ...{ id, kind: "input", askedAt: "2026-01-01T00:00:00.000Z" },
    params: { form: [{ key: "a", title }] },
  });
  const { place, sidecar, run } = await ask("input", { form: [{ key: "a", title: "First" }] });
  const tell = (...questions: Question[]) => sidecar.emit({ type: "run-changed", run: { ...run, questions } });
  const field = (name: string) => screen.findByLabelText(name);
  within(place).getByLabelText("First").focus();
  press(place, "Send");
  tell();
  await waitFor(() => expect(screen.queryByRole("region", { name: "start.json asks" })).toBeNull());
  expect(document.activeElement).not.toBe(document.body);
  tell(question("q2", "Second"));
  const second = await field("Second");
  await waitFor(() => expect(document.activeElement).toBe(second));
  tell(question("q3", "Third"));
  const third = await field("Third");
  await waitFor(() => expect(document.activeElement).toBe(third));

  tell();
  await waitFor(() => expect(screen.queryByLabelText("Third")).toBeNull());
  (await screen.findByRole("tab", { name: /^Running/ })).focus();
  tell(question("q4", "Fourth"));
  await field("Fourth");
  expect(document.activeElement?.textContent).toContain("Running");
});

test("a single value is asked in its own words and sent by itself", async () => {
  const { place, answered } = await ask("input", { message: "Which size?", type: "number", placeholder: "12" });
  fill(within(place).getByLabelText("Which size?"), "7.5");
  press(place, "Send");
  expect(await answered()).toBe(7.5);
});

test("a question without fields has the script's own button", async () => {
  const { place, answered } = await ask("input", { title: "Remove the models?", confirm: "Remove" });
  press(place, "Remove");
  expect(await answered()).toEqual({});
});

test("a file is sent with its name; one that is too large is refused at its field", async () => {
  const { place, answered } = await ask("input", { form: [{ key: "picture", title: "Picture", type: "file" }] });
  const field = within(place).getByLabelText<HTMLInputElement>("Picture");
  const choose = (file: File) => {
    Object.defineProperty(field, "files", { value: [file], configurable: true });
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const large = new File([], "large.bin");
  Object.defineProperty(large, "size", { value: 5 * 1024 ** 2 });
  choose(large);
  expect(await within(place).findByText("large.bin has 5 MB; at most 4 MB can be sent")).toBeTruthy();
  choose(new File([new Uint8Array([0, 255, 7])], "x.bin"));
  await within(place).findByText("Ready to send: x.bin");
  expect(within(place).queryByText(/at most/)).toBeNull();
  press(place, "Send");
  expect(await answered()).toEqual({ picture: { name: "x.bin", base64: "AP8H" } });
});

test("what was typed outlives a look at another tab", async () => {
  const { place } = await ask("input", { form: [{ key: "a", title: "Name" }] });
  fill(within(place).getByLabelText("Name"), "half typed");
  (await screen.findByRole("tab", { name: /^System/ })).click();
  (await screen.findByRole("tab", { name: /^Running/ })).click();
  expect((await screen.findByLabelText<HTMLInputElement>("Name")).value).toBe("half typed");
});

test("answered by somebody else it goes away, also while it is being sent", async () => {
  const { place, sidecar, run } = await ask("input", { form: [{ key: "a", title: "Name" }] });
  press(place, "Send");
  sidecar.emit({ type: "run-changed", run: { ...run, questions: [] } });
  await waitFor(() => expect(screen.queryByLabelText("Name")).toBeNull());
});

test("a method nobody knows is asked by its words and a button", async () => {
  const { place, answered } = await ask("some.method", { title: "Go on?" });
  press(place, "OK");
  expect(await answered()).toEqual({});
});

test("everywhere else it is said that the app waits, and one press leads to the question", async () => {
  await ask("input", { form: [{ key: "a", title: "Name" }] });
  (await screen.findByRole("tab", { name: /^My Library/ })).click();
  const card = await screen.findByRole("article", { name: "Hello" });
  expect(screen.getByText("Hello waits for you")).toBeTruthy();
  within(card).getByRole("button", { name: "Waits for you" }).click();
  expect(await screen.findByLabelText("Name")).toBeTruthy();
  expect(screen.queryByText("Hello waits for you")).toBeNull();
});

test("who answers second is told that somebody else was faster, also when the question has gone", async () => {
  const { place, sidecar, run } = await ask("input", { form: [{ key: "name", title: "Name" }] }, (prepared) => {
    prepared.handlers["runs.answer"] = () => {
      throw new PinokioError("answered-already", "Somebody else has answered this already");
    };
  });
  press(place, "Send");
  const told = await screen.findByRole("status");
  expect(told.textContent).toContain("Somebody else was faster and has answered start.json; your answer was not taken");
  sidecar.emit({ type: "run-changed", run: { ...run, questions: [] } });
  await waitFor(() => expect(screen.queryByRole("region", { name: "start.json asks" })).toBeNull());
  expect(screen.getByRole("status").textContent).toContain("Somebody else was faster");
  screen.getByRole("button", { name: "Dismiss" }).click();
  await waitFor(() => expect(screen.queryByText(/Somebody else was faster/)).toBeNull());
});
