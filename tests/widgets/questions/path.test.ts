import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor, within } from "@testing-library/dom";
import { ask, fill } from "../../helpers/ask.js";
import type { MemorySidecar } from "../../helpers/memory-sidecar.js";
import { closeViews } from "../../helpers/show-view.js";

afterEach(closeViews);

const TREE: Record<string, { folders?: string[]; files?: string[] }> = {
  "/home/ada": { folders: ["models", "pictures"], files: ["notes.txt"] },
  "/home/ada/models": { files: ["a.ckpt", "b.ckpt"] },
  "/home": { folders: ["ada"] },
};

function files(sidecar: MemorySidecar): void {
  sidecar.handlers["files.list"] = ({ path = "/home/ada" }) => ({
    path,
    parent: path === "/" ? null : path.replace(/\/[^/]*$/, "") || "/",
    isCut: false,
    places: [{ name: "Your folder", path: "/home/ada" }],
    entries: [
      ...(TREE[path]?.folders ?? []).map((name) => ({ name, kind: "folder" as const })),
      ...(TREE[path]?.files ?? []).map((name) => ({ name, kind: "file" as const })),
    ],
  });
}

const press = async (place: HTMLElement, name: string | RegExp) =>
  (await within(place).findByRole("button", { name })).click();

test("one walks into a folder and chooses a file of the kind that is wanted", async () => {
  const wanted = { path: "/home/ada", filetypes: [["Models", "*.ckpt"]] };
  const { place, sidecar, answered } = await ask("filepicker.open", wanted, files);
  expect(within(place).getByRole("heading", { name: "Choose a file" })).toBeTruthy();
  await press(place, "models");
  await press(place, "a.ckpt");
  await press(place, "b.ckpt");
  await press(place, "Choose");
  expect(await answered()).toEqual({ paths: ["/home/ada/models/b.ckpt"] });
  expect(sidecar.asked("files.list").at(-1)).toEqual({ path: "/home/ada/models", hidden: false, endings: [".ckpt"] });
});

test("several are gathered over folders, and taken back", async () => {
  const { place, answered } = await ask("filepicker.open", { path: "/home/ada", multiple: true }, files);
  await press(place, "notes.txt");
  await press(place, "models");
  await press(place, "a.ckpt");
  await press(place, "b.ckpt");
  expect(await within(place).findByText("3 chosen")).toBeTruthy();
  await press(place, "a.ckpt");
  await press(place, "Choose");
  expect(await answered()).toEqual({ paths: ["/home/ada/notes.txt", "/home/ada/models/b.ckpt"] });
});

test("a folder is the one that is open", async () => {
  const { place, sidecar, answered } = await ask("filepicker.open", { type: "folder", path: "/home/ada" }, files);
  await within(place).findByRole("button", { name: "pictures" });
  await press(place, "The folder above");
  await press(place, "ada");
  await press(place, "pictures");
  await within(place).findByText("Nothing to choose in here");
  await press(place, "Choose this folder");
  expect(await answered()).toEqual({ paths: ["/home/ada/pictures"] });
  expect(sidecar.asked("files.list").at(-1)?.endings).toEqual([]);
});

test("a file that need not be there yet has a name", async () => {
  const wanted = { path: "/home/ada", save: true, initialfile: "out.png" };
  const { place, answered } = await ask("filepicker.open", wanted, files);
  const name = await within(place).findByLabelText<HTMLInputElement>("Name");
  expect(name.value).toBe("out.png");
  fill(name, "mine.png");
  await press(place, "Save here");
  expect(await answered()).toEqual({ paths: ["/home/ada/mine.png"] });
});

test("Cancel chooses nothing", async () => {
  const { place, answered } = await ask("filepicker.open", { path: "/home/ada" }, files);
  await press(place, "Cancel");
  expect(await answered()).toEqual({ paths: [] });
});

test("the list is walked by keyboard", async () => {
  const { place } = await ask("filepicker.open", { path: "/home/ada" }, files);
  const first = await within(place).findByRole("button", { name: "models" });
  const key = (name: string) =>
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  first.focus();
  key("ArrowDown");
  await waitFor(() => expect(document.activeElement?.textContent).toBe("pictures"));
  key("End");
  await waitFor(() => expect(document.activeElement?.textContent).toBe("notes.txt"));
  key("Backspace");
  expect(await within(place).findByRole("button", { name: "ada" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "notes.txt" })).toBeNull();
});
