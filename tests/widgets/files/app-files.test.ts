import { Buffer } from "node:buffer";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import type { AppFile, AppFolder } from "../../../src/runtime/protocol/app-files.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { APP_FILES } from "../../../src/runtime/protocol/limits.js";
import { sampleApp, sampleJob } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

const saved: Blob[] = [];
beforeEach(() => {
  saved.length = 0;
  Object.assign(URL, {
    createObjectURL: (blob: Blob) => `#${saved.push(blob)}`,
    revokeObjectURL: jest.fn(),
  });
});
afterEach(() => {
  closeViews();
  Reflect.deleteProperty(URL, "createObjectURL");
  Reflect.deleteProperty(URL, "revokeObjectURL");
});

const file = (name: string, change: Partial<AppFile> = {}): AppFile => ({
  name,
  kind: "file",
  bytes: 2_048,
  files: null,
  at: new Date(Date.now() - 3_700_000).toISOString(),
  isMixed: false,
  leadsTo: null,
  ...change,
});

type Listed = Pick<AppFolder, "parent"> & { own: AppFile[]; others: AppFile[] };

const FOLDERS: Record<string, Listed> = {
  "": {
    parent: null,
    own: [
      file("out", { kind: "folder", bytes: 10_240, files: 3 }),
      file("code", { kind: "folder", files: 1, isMixed: true }),
      file("many", { kind: "folder", bytes: null }),
      file("empty", { kind: "folder", bytes: 0, files: 0 }),
    ],
    others: [file("start.js")],
  },
  out: {
    parent: "",
    own: [
      file("a.png"),
      file("notes.txt"),
      file("b.svg"),
      file("<img src=x>\u202egnp.exe"),
      file("models", { kind: "link", bytes: null, leadsTo: "/drive/models" }),
    ],
    others: [],
  },
  many: {
    parent: "",
    own: Array.from({ length: 60 }, (_, number) => file(`picture ${number}.png`)),
    others: [file("picture.py")],
  },
  empty: { parent: "", own: [], others: [] },
};

const MOST = APP_FILES.readBytes;
/** What is in every file: more than two parts of it. */
const TEXT = `a text that comes in parts ${"x".repeat(2 * MOST)}`;
const SIZE = TEXT.length;

async function openFiles(folder = "") {
  const gone = new Set<string>();
  const view = showView((sidecar) => {
    sidecar.state.apps.push(sampleApp());
    sidecar.handlers["apps.files"] = ({ app, folder: asked = "", text = "", most = 200 }) => {
      const { parent, own, others } = FOLDERS[asked]!;
      const list = (entries: AppFile[]) => {
        const isThere = (name: string) => !gone.has(asked === "" ? name : `${asked}/${name}`);
        const found = entries.filter(({ name }) => isThere(name) && name.includes(text));
        return { entries: found.slice(0, most), total: found.length };
      };
      return { app, folder: asked, parent, own: list(own), others: list(others), unreadable: 0, isCut: false };
    };
    sidecar.handlers["apps.readFile"] = ({ path, offset, most }) => ({
      bytes: Buffer.from(TEXT)
        .subarray(offset, offset + most)
        .toString("base64"),
      offset,
      size: SIZE,
      version: "1",
      isText: !path.endsWith(".png"),
      isHidden: path.endsWith(".txt"),
    });
    sidecar.handlers["apps.trashFiles"] = ({ paths }) => {
      for (const path of paths) gone.add(path);
      return { entry: "the-entry", moved: paths.length };
    };
    sidecar.handlers["trash.restore"] = () => {
      gone.clear();
      return { job: sampleJob({ kind: "restore" }) };
    };
  });
  await openTab("My Library");
  (await screen.findByRole("button", { name: "Hello" })).click();
  const part = await screen.findByRole("region", { name: "Files" });
  expect(view.sidecar.asked("apps.files")).toEqual([]); // not before somebody asks
  within(part).getByRole("button", { name: "Show what you have made" }).click();
  await within(part).findByRole("list", { name: "Yours" });
  if (folder !== "") within(part).getByText(folder).click();
  return { ...view, part };
}

test("what is a person's is listed, folder by folder, with what is the app's out of the way", async () => {
  const { part, sidecar } = await openFiles();
  const rows = within(within(part).getByRole("list", { name: "Yours" })).getAllByRole("listitem");
  expect(rows.map((row) => [...row.children].map(({ textContent }) => textContent))).toEqual([
    ["out", "3 files · 10 KB", "1 h ago", ""],
    ["code", "1 file · 2 KB", "1 h ago", ""],
    ["many", "", "1 h ago", ""],
    ["empty", "0 files · 0 B", "1 h ago", ""],
  ]);
  const code = within(part).getByRole("button", { name: "Move code to the trash" });
  expect(code.getAttribute("aria-disabled")).toBe("true");
  expect(within(part).queryByText("start.js")).toBeNull();
  within(part).getByRole("button", { name: "The app's own: 1" }).click();
  await within(part).findByText("start.js");
  expect(within(part).queryByRole("button", { name: "Move start.js to the trash" })).toBeNull();

  within(part).getByRole("button", { name: "out" }).click();
  await within(part).findByRole("button", { name: "a.png" });
  expect(sidecar.asked("apps.files").at(-1)).toMatchObject({ app: "hello", folder: "out", order: "newest" });
  expect(document.activeElement).toBe(within(part).getByRole("group", { name: "Files" }));
  const folder = within(part).getByRole("navigation", { name: "Folder" });
  expect(within(folder).getByText("out").closest("[aria-current]")?.getAttribute("title")).toMatch(/\/out$/);
  within(folder).getByRole("button", { name: "Hello" }).click();
  await within(part).findByRole("button", { name: "code" });
});

test("a text is shown as it begins, a picture whole, and either can be downloaded", async () => {
  const { part, sidecar } = await openFiles("out");
  (await within(part).findByRole("button", { name: "notes.txt" })).click();
  const viewer = await within(part).findByRole("region", { name: "notes.txt" });
  expect((await within(viewer).findByText(/^a text that comes in parts x+$/)).tagName).toBe("PRE");
  expect(within(viewer).getByText("This is how it begins; the whole file has 2 KB")).toBeTruthy();
  expect(within(viewer).getByText("Stars stand in place of its secrets")).toBeTruthy();
  within(viewer).getByRole("button", { name: "Download" }).click();
  await within(viewer).findByText("Stars stand in place of the secrets in what was saved");
  expect(saved.map(({ size }) => size)).toEqual([SIZE]);
  const asked = { app: "hello", path: "out/notes.txt", most: MOST };
  expect(sidecar.asked("apps.readFile").slice(-3)).toEqual([
    { ...asked, offset: 0 },
    { ...asked, offset: MOST, version: "1" },
    { ...asked, offset: 2 * MOST, version: "1" },
  ]);

  within(part).getByRole("button", { name: "a.png" }).click();
  const picture = await within(part).findByRole("img", { name: "a.png" });
  expect(picture.getAttribute("src")).toBe("#2");
  expect(saved[1]).toMatchObject({ type: "image/png", size: SIZE });
  fireEvent.error(picture);
  await within(part).findByText("This browser cannot show it: download it to look at it");
  within(part).getByRole("button", { name: "Close a.png" }).click();
  await waitFor(() => expect(within(part).queryByRole("region", { name: "a.png" })).toBeNull());
});

test("a download that the file does not outlast says so, and one that is cancelled hands over nothing", async () => {
  const { part, sidecar } = await openFiles("out");
  (await within(part).findByRole("button", { name: "notes.txt" })).click();
  const viewer = await within(part).findByRole("region", { name: "notes.txt" });
  await within(viewer).findByText(/^a text/);
  const read = sidecar.handlers["apps.readFile"]!;
  sidecar.handlers["apps.readFile"] = (params) => {
    if (params.offset > 0) throw new PinokioError("file-changed", "out/notes.txt has changed meanwhile");
    return read(params);
  };
  within(viewer).getByRole("button", { name: "Download" }).click();
  await within(viewer).findByText("out/notes.txt has changed meanwhile");

  let isAsked = () => undefined as void;
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  let go = () => undefined as void;
  const going = new Promise<void>((resolve) => (go = resolve));
  sidecar.handlers["apps.readFile"] = async (params) => {
    isAsked();
    await going;
    return read(params);
  };
  within(viewer).getByRole("button", { name: "Download" }).click();
  await asked;
  (await within(viewer).findByRole("button", { name: "Cancel" })).click();
  go();
  await within(viewer).findByRole("button", { name: "Download" });
  expect(saved).toEqual([]);
});

test("names are never markup, none steers what is beside it, and no link is followed", async () => {
  const { part } = await openFiles("out");
  const strange = await within(part).findByRole("button", { name: "<img src=x>\\u202egnp.exe" });
  expect(strange.querySelector("img")).toBeNull();
  expect(within(part).getByText("/drive/models").tagName).toBe("BDI");
  expect(within(part).queryByRole("button", { name: /^models/ })).toBeNull();
});

test("a drawing is shown in an address of its own, where its scripts have nothing to do with the page", async () => {
  const { part } = await openFiles("out");
  (await within(part).findByRole("button", { name: "b.svg" })).click();
  const drawing = await within(part).findByRole("img", { name: "b.svg" });
  expect(drawing.getAttribute("src")).toMatch(/^data:image\/svg\+xml;base64,/);
  expect(saved).toEqual([]);
});

test("arrow keys move, Enter opens, Delete moves into the trash", async () => {
  const { part, sidecar } = await openFiles("out");
  const first = await within(part).findByRole("button", { name: "a.png" });
  const list = within(part).getByRole("list", { name: "Yours" });
  expect(
    [...list.querySelectorAll("[tabindex='0']")].map((one) => one.textContent || one.getAttribute("aria-label")),
  ).toEqual(["a.png", "Move a.png to the trash"]);
  first.focus();
  fireEvent.keyDown(first, { key: "ArrowDown" });
  expect(document.activeElement?.textContent).toBe("notes.txt");
  await waitFor(() => expect(document.activeElement?.getAttribute("tabindex")).toBe("0"));
  fireEvent.keyDown(document.activeElement!, { key: "Delete" });
  await within(part).findByText("notes.txt is in the trash");
  expect(sidecar.asked("apps.trashFiles")).toEqual([{ app: "hello", paths: ["out/notes.txt"] }]);
  await waitFor(() => expect(document.activeElement?.textContent).toBe("b.svg"));
});

test("in a folder that holds many, one looks for a name", async () => {
  const { part, sidecar } = await openFiles("many");
  const find = await within(part).findByRole("searchbox", { name: "Find by name" });
  expect(within(part).getAllByText(/^picture \d+\.png$/)).toHaveLength(50);
  within(part).getByRole("button", { name: "Show more" }).click();
  await within(part).findByText("picture 59.png");
  fireEvent.change(find, { target: { value: "picture." } });
  await within(part).findByText("Nothing of yours has that in its name");
  expect(within(part).getByRole("button", { name: "picture.py" })).toBeTruthy();
  fireEvent.change(find, { target: { value: "nowhere" } });
  await within(part).findByText("Nothing has that in its name");
  expect(sidecar.asked("apps.files").at(-1)).toMatchObject({ folder: "many", text: "nowhere" });
  fireEvent.change(within(part).getByRole("combobox", { name: "Sort by" }), { target: { value: "largest" } });
  await waitFor(() => expect(sidecar.asked("apps.files").at(-1)).toMatchObject({ order: "largest" }));
});

test("an empty folder says so", async () => {
  const { part } = await openFiles("empty");
  expect(await within(part).findByText("This folder is empty")).toBeTruthy();
});

test("what is moved to the trash can be had back at once", async () => {
  const { part, sidecar } = await openFiles();
  within(part).getByRole("button", { name: "Move out to the trash" }).click();
  expect(await within(part).findByText("out is in the trash")).toBeTruthy();
  expect(sidecar.asked("apps.trashFiles")).toEqual([{ app: "hello", paths: ["out"] }]);
  await waitFor(() => expect(within(part).queryByRole("button", { name: "out" })).toBeNull());
  within(part).getByRole("button", { name: "Undo" }).click();
  await waitFor(() => expect(sidecar.asked("trash.restore")).toEqual([{ entry: "the-entry" }]));
  await waitFor(() => expect(within(part).queryByText("out is in the trash")).toBeNull());
  sidecar.emit({ type: "job-changed", job: sampleJob({ kind: "restore", state: "done" }) });
  expect(await within(part).findByRole("button", { name: "out" })).toBeTruthy();
});
