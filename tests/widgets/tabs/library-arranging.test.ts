import { afterEach, expect, jest, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import { moved, wholeOrder } from "../../../src/runtime/library/shelf-order.js";
import { AppId, appIdOf, JobId, RunId } from "../../../src/runtime/protocol/ids.js";
import { LIBRARY_FILE_VERSION } from "../../../src/runtime/protocol/library-version.js";
import type { Job } from "../../../src/runtime/protocol/jobs.js";
import { type AppMarks, FolderId, type ShelfItem } from "../../../src/runtime/protocol/shelf.js";
import type { MemorySidecar } from "../../helpers/memory-sidecar.js";
import { sampleApp, sampleCame } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(() => {
  closeViews();
  Reflect.deleteProperty(URL, "createObjectURL");
  Reflect.deleteProperty(URL, "revokeObjectURL");
});

const button = (name: string | RegExp) => screen.findByRole("button", { name });
const press = async (name: string | RegExp) => (await button(name)).click();
const NO_MARKS: AppMarks = { favorite: false, notes: "", tags: [] };

/** A library whose shelf answers as the real one does. */
async function library(names: readonly string[], prepare: (sidecar: MemorySidecar) => void = () => undefined) {
  const view = showView((sidecar) => {
    for (const [at, title] of names.entries()) {
      const id = AppId.parse(title.toLowerCase());
      const lastUsedAt = `2026-01-0${at + 1}T00:00:00.000Z`;
      const statistics = { launches: 1, runningMs: 60_000, lastUsedAt, peakGpuMemoryBytes: null };
      sidecar.state.apps.push(sampleApp({ id, title, marks: NO_MARKS, statistics }));
    }
    const ids = () => sidecar.state.apps.map(({ id }) => id);
    let order: ShelfItem[] = [];
    const tell = () => sidecar.emit({ type: "shelf-changed", shelf: { items: wholeOrder(order, ids()), missing: [] } });
    sidecar.state.shelf = { items: wholeOrder(order, ids()), missing: [] };
    sidecar.handlers["library.move"] = ({ things, to }) => {
      order = moved(wholeOrder(order, ids()), things, to);
      tell();
      return { results: [] };
    };
    sidecar.handlers["library.mark"] = ({ apps, change }) => {
      for (const app of sidecar.state.apps.filter(({ id }) => apps.includes(id))) {
        const { favorite = app.marks?.favorite ?? false, notes = app.marks?.notes ?? "", addTags = [] } = change;
        const marks = { favorite, notes, tags: [...(app.marks?.tags ?? []), ...addTags] };
        sidecar.emit({ type: "app-changed", app: { ...app, marks } });
      }
      return { results: apps.map((appId) => ({ appId, error: null })) };
    };
    prepare(sidecar);
  });
  await openTab("My Library");
  await screen.findAllByRole("article");
  return view;
}

/** Chooses a file of a library to import. */
function choose(content: object): void {
  const text = JSON.stringify(content);
  const chosen = Object.assign(new File([text], "library.json"), { text: () => Promise.resolve(text) });
  const field = screen.getByLabelText<HTMLInputElement>("File of a library");
  Object.defineProperty(field, "files", { value: [chosen], configurable: true });
  fireEvent.change(field);
}

const sampleJob = (): Job => ({
  id: JobId.parse("job_000000000001"),
  kind: "restore",
  appId: null,
  title: "Restore",
  state: "working",
  phase: "move",
  progress: null,
  step: null,
  runId: null,
  startedAt: "2026-01-01T00:00:00.000Z",
  endedAt: null,
  expectedMs: null,
  error: null,
  canCancel: false,
});

const rows = () => screen.getAllByRole("article").map((row) => row.getAttribute("aria-label"));

test("Alt and the arrow keys move an app, and the focus stays with it", async () => {
  await library(["Alpha", "Beta", "Gamma"]);
  const beta = await button("Beta");
  beta.focus();
  fireEvent.keyDown(beta, { key: "ArrowUp", altKey: true });
  await waitFor(() => expect(rows()).toEqual(["Beta", "Alpha", "Gamma"]));
  expect(document.activeElement?.textContent).toBe("Beta");
  expect(await screen.findByText("Beta was moved up")).toBeTruthy();
  fireEvent.keyDown(document.activeElement!, { key: "ArrowDown" });
  expect(document.activeElement?.textContent).toBe("Alpha");
});

test("a sorted list keeps its order while apps are used", async () => {
  const { sidecar } = await library(["Alpha", "Beta", "Gamma"]);
  fireEvent.change(screen.getByLabelText("Sort by"), { target: { value: "used" } });
  await waitFor(() => expect(rows()).toEqual(["Gamma", "Beta", "Alpha"]));
  const [alpha] = sidecar.state.apps;
  const statistics = { ...alpha!.statistics!, lastUsedAt: "2026-02-01T00:00:00.000Z", launches: 2 };
  sidecar.emit({ type: "app-changed", app: { ...alpha!, statistics, title: "Alphabet" } });
  await screen.findByRole("article", { name: "Alphabet" });
  expect(rows()).toEqual(["Gamma", "Beta", "Alphabet"]);
  fireEvent.change(screen.getByLabelText("Sort by"), { target: { value: "name" } });
  fireEvent.change(screen.getByLabelText("Sort by"), { target: { value: "used" } });
  await waitFor(() => expect(rows()).toEqual(["Alphabet", "Gamma", "Beta"]));
});

test("favourites are marked in their row and shown alone", async () => {
  const { sidecar } = await library(["Alpha", "Beta"]);
  await press("Favourite: Beta");
  await waitFor(() => expect(sidecar.asked("library.mark")).toEqual([{ apps: ["beta"], change: { favorite: true } }]));
  await press("Only favourites (1)");
  await waitFor(() => expect(rows()).toEqual(["Beta"]));
  await press("Favourite: Beta");
  expect(await screen.findByText("No app is like that")).toBeTruthy();
});

test("an app is found by its tags and notes among many", async () => {
  const names = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"];
  await library(names, ({ state }) => {
    state.apps[2]!.marks = { favorite: false, notes: "Seeds: 42", tags: ["films"] };
  });
  fireEvent.change(screen.getByLabelText("Find in 6 apps"), { target: { value: "film 42" } });
  await waitFor(() => expect(rows()).toEqual(["Gamma"]));
});

test("what is done with several apps is asked at once, and says which of them went wrong", async () => {
  const { sidecar } = await library(["Alpha", "Beta", "Gamma"], ({ handlers }) => {
    handlers["library.start"] = ({ apps }) => ({
      results: apps.map((appId) => ({
        appId,
        run: null,
        error: appId === "beta" ? { code: "script-missing", message: "It names no script" } : null,
      })),
    });
  });
  await press("More about the library");
  (await screen.findByRole("menuitem", { name: "Select several" })).click();
  expect(await screen.findByText("0 of 3 selected")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Start" })).toBeNull();
  for (const name of ["Alpha", "Beta"]) (await screen.findByRole("checkbox", { name: `Select ${name}` })).click();
  expect(await screen.findByText("2 of 3 selected")).toBeTruthy();
  await press("Start");
  await waitFor(() => expect(sidecar.asked("library.start")).toEqual([{ apps: ["alpha", "beta"] }]));
  expect(await screen.findByText("1 of 2 did not work. Beta: It names no script")).toBeTruthy();
  await press("Done");
  expect(await screen.findByRole("button", { name: "More about the library" })).toBeTruthy();
});

test("several apps are uninstalled after what goes was said, and that can be undone", async () => {
  const GB = 1024 ** 3;
  const { sidecar } = await library(["Alpha", "Beta"], ({ handlers }) => {
    handlers["apps.uninstallPreview"] = ({ appId }) => ({
      appId,
      title: appId,
      goes: [],
      stays: [],
      bytes: 2 * GB,
      sharedBytes: 0,
      staysBytes: GB,
      stops: appId === "alpha" ? ["run_000000000001", "run_000000000002"].map((id) => RunId.parse(id)) : [],
      neededBy: appId === "alpha" ? ["beta", "tools/agent"] : [],
      notes: [],
      installer: null,
      token: null,
    });
    handlers["packages.cameWith"] = ({ ids }) => [sampleCame({ neededBy: ids })];
    handlers["library.uninstall"] = ({ apps }) => ({
      results: apps.map((appId) => ({ appId, error: null, job: null, entry: `entry-${appId}` })),
    });
    handlers["trash.restore"] = () => ({ job: sampleJob() });
  });
  await press("More about the library");
  (await screen.findByRole("menuitem", { name: "Select several" })).click();
  await press("All");
  await press("Uninstall…");
  expect(await screen.findByText(/^4 GB go to the trash; .* 2 GB of your own files stay\.$/)).toBeTruthy();
  expect(screen.getByText("Stops 2 runs first")).toBeTruthy();
  expect(screen.getByText("Needed by tools/agent")).toBeTruthy(); // Beta goes with it
  expect(await screen.findByText(/^Mid came with them, and nothing else needs it/)).toBeTruthy();
  expect(sidecar.asked("packages.cameWith")).toEqual([{ ids: ["alpha", "beta"] }]);
  expect(sidecar.asked("library.uninstall")).toEqual([]);
  await press("Uninstall 2 apps (4 GB)");
  await waitFor(() =>
    expect(sidecar.asked("library.uninstall")).toEqual([{ apps: ["alpha", "beta"], despiteUse: true }]),
  );
  await press("Undo the uninstall");
  await waitFor(() =>
    expect(sidecar.asked("trash.restore")).toEqual([{ entry: "entry-alpha" }, { entry: "entry-beta" }]),
  );
});

test("notes and tags are written where the app stands", async () => {
  const { sidecar } = await library(["Alpha"]);
  await press("More about Alpha");
  const notes = await screen.findByLabelText("Notes about Alpha");
  fireEvent.focus(notes);
  fireEvent.change(notes, { target: { value: "Seeds: 42" } });
  fireEvent.blur(notes);
  await waitFor(() =>
    expect(sidecar.asked("library.mark")).toEqual([{ apps: ["alpha"], change: { notes: "Seeds: 42" } }]),
  );
  const tag = screen.getByLabelText("Add a tag to Alpha");
  fireEvent.change(tag, { target: { value: "films" } });
  fireEvent.keyDown(tag, { key: "Enter" });
  expect(await within(screen.getByRole("list", { name: "Tags of Alpha" })).findByText("films")).toBeTruthy();
});

test("the menu of an app moves it into a folder", async () => {
  const folder = "folder_11111111";
  const { sidecar } = await library(["Alpha", "Beta"], ({ state }) => {
    state.shelf = { items: [...state.shelf!.items, { folder, name: "Films", apps: [] } as never], missing: [] };
  });
  fireEvent.contextMenu(await button("Alpha"));
  (await screen.findByRole("menuitem", { name: "Move to Films" })).click();
  await waitFor(() => expect(sidecar.asked("library.move")).toEqual([{ things: [{ app: "alpha" }], to: { folder } }]));
});

test("Del asks before an app is uninstalled, where it says what goes", async () => {
  const { sidecar } = await library(["Alpha"]);
  fireEvent.keyDown(await button("Alpha"), { key: "Delete" });
  await waitFor(() => expect(sidecar.asked("apps.uninstallPreview")).toEqual([{ appId: "alpha" }]));
  expect(sidecar.asked("apps.uninstall")).toEqual([]);
});

test("an app whose folder is gone is said to be, and forgotten when a person says so", async () => {
  const { sidecar } = await library(["Alpha"], ({ state, handlers }) => {
    const gone = { appId: AppId.parse("gone"), source: "/somewhere", installedAt: "2026-01-01T00:00:00.000Z" };
    state.shelf = { ...state.shelf!, missing: [gone] };
    handlers["library.forget"] = ({ apps }) => ({ results: apps.map((appId) => ({ appId, error: null })) });
  });
  expect(await screen.findByText("gone was installed here, and its folder is gone")).toBeTruthy();
  await press("Forget it");
  await waitFor(() => expect(sidecar.asked("library.forget")).toEqual([{ apps: ["gone"] }]));
});

test("a library that a newer PinokioCloud has written is told as that", async () => {
  const { sidecar } = await library(["Alpha"]);
  choose({ format: "pinokiocloud-library", version: LIBRARY_FILE_VERSION + 1 });
  expect(await screen.findByText("library.json was written by a newer PinokioCloud")).toBeTruthy();
  expect(screen.getByText("Update PinokioCloud, then import it")).toBeTruthy();
  expect(sidecar.asked("library.previewImport")).toEqual([]);
});

test("a library is imported after its whole list was agreed to", async () => {
  const file = { format: "pinokiocloud-library", version: 1, exportedAt: "x", apps: [], order: [] };
  const known = { from: "https://git.example.test/comfyui.git", commit: "0123456789abcdef" };
  const preview = {
    apps: [
      { appId: AppId.parse("comfyui"), title: "ComfyUI", ...known, fate: "install" as const, error: null },
      {
        appId: AppId.parse("mine"),
        title: "Mine",
        ...known,
        fate: "cannot" as const,
        error: { code: "source-unsupported" as const, message: "The folder /mine is not on this machine" },
      },
    ],
    others: [
      { name: "https://index.example.test/apps.json", type: "source", fate: "install" as const, error: null },
      {
        name: "index/model",
        type: "model",
        fate: "cannot" as const,
        error: { code: "package-missing" as const, message: "No source has it" },
      },
    ],
    changed: { marks: 2, settings: 0, places: 1 },
    left: ["Set again for ComfyUI (comfyui): API_KEY"],
    jobId: null,
  };
  const { sidecar } = await library(["Alpha"], ({ handlers }) => {
    handlers["library.previewImport"] = () => preview;
    handlers["library.import"] = () => preview;
  });
  choose(file);
  expect(await screen.findByText("The scripts of these apps run as you on this machine.")).toBeTruthy();
  expect(screen.getByText("The folder /mine is not on this machine")).toBeTruthy();
  expect(sidecar.asked("library.import")).toEqual([]);
  for (const text of ["https://index.example.test/apps.json", "No source has it", preview.left[0]!]) {
    expect(screen.getByText(text)).toBeTruthy();
  }
  await press("Import and install all");
  await waitFor(() => expect(sidecar.asked("library.import")).toMatchObject([{ file, install: true }]));
  expect(await screen.findByRole("article", { name: "Alpha" })).toBeTruthy();
});

test("the library is exported as a file", async () => {
  const only = "It comes from the folder /mine: another machine needs that too";
  const known = { package: null, commit: null, agreed: null, origin: { kind: "folder" as const, folder: "/mine" } };
  const apps = [
    { ...known, id: appIdOf("alpha"), title: "Alpha" },
    { ...known, id: appIdOf("beta"), title: "Beta <b>", warnings: [only] },
  ];
  const besides = "The address of the source mine holds a login, and is not in it";
  const others = { sources: [], packages: [], secrets: [], warnings: [besides] };
  const file = { format: "pinokiocloud-library" as const, version: 2 as const, apps, order: [], ...others };
  await library(["Alpha"], ({ handlers }) => {
    handlers["library.export"] = () => ({ ...file, exportedAt: "2026-01-02T00:00:00.000Z" });
  });
  const saved = jest.fn((_: Blob) => "blob:x");
  Object.assign(URL, { createObjectURL: saved, revokeObjectURL: () => undefined });
  await press("More about the library");
  (await screen.findByRole("menuitem", { name: "Export the library" })).click();
  await waitFor(() => expect(saved).toHaveBeenCalledTimes(1));
  const note = within(await screen.findByRole("group", { name: "What the file leaves out" }));
  expect(note.getByRole("status").textContent).toBe(
    `The library is saved. Another machine will not get 1 app as it is here:Beta <b>${only}${besides}`,
  );
  note.getByRole("button", { name: "Dismiss" }).click();
  await waitFor(() => expect(screen.queryByText(only)).toBeNull());
});

/** As a browser tells of dragging, which jsdom does not know. */
function drag(type: "dragstart" | "dragover" | "drop", element: Element, clientX = 0): void {
  const event = new MouseEvent(type, { bubbles: true, cancelable: true, clientX });
  const dataTransfer = { setData: () => undefined, setDragImage: () => undefined };
  Object.defineProperty(event, "dataTransfer", { value: dataTransfer });
  fireEvent(element, event);
}

test("a new folder comes into sight with the focus, and an app is dropped on its empty body", async () => {
  const folder = FolderId.parse("folder_11111111");
  const { sidecar, element } = await library(["Alpha", "Beta"], (prepared) => {
    prepared.handlers["library.addFolder"] = ({ name }) => {
      const items = [...prepared.state.shelf!.items, { folder, name, apps: [] }];
      prepared.emit({ type: "shelf-changed", shelf: { items, missing: [] } });
      return { folder };
    };
  });
  await press("More about the library");
  (await screen.findByRole("menuitem", { name: "New folder" })).click();
  const field = await screen.findByRole("textbox", { name: "Name of the new folder" });
  fireEvent.change(field, { target: { value: "Films" } });
  fireEvent.keyDown(field, { key: "Enter" });
  const title = await screen.findByRole("button", { name: /^Films/ });
  await waitFor(() => expect(document.activeElement).toBe(title));

  const body = screen.getByText("Drag apps here");
  body.getBoundingClientRect = () => ({ left: 0, width: 100, top: 0, height: 100 }) as DOMRect;
  drag("dragstart", element.querySelector('article[aria-label="Alpha"] .pk-grip')!);
  drag("dragover", body);
  await waitFor(() => expect(body.dataset["drop"]).toBe("into"));
  drag("drop", body);
  await waitFor(() =>
    expect(sidecar.asked("library.move")).toEqual([{ things: [{ app: "alpha" }], to: { folder, before: null } }]),
  );
});

test("the menu of an app is the only one: what is around the view hears nothing of it", async () => {
  const { element } = await library(["Alpha"]);
  let heard = 0;
  element.addEventListener("contextmenu", () => heard++);
  fireEvent.contextMenu(await screen.findByRole("article", { name: "Alpha" }));
  const menu = await screen.findByRole("menu", { name: "More about Alpha" });
  fireEvent.contextMenu(menu);
  expect(heard).toBe(0);
});

test("in a grid an app is dropped before or behind another one, and moved and walked sideways", async () => {
  const { sidecar, element } = await library(["Alpha", "Beta", "Gamma"]);
  await press("Show as a grid");
  const tile = (name: string) => element.querySelector<HTMLElement>(`article[aria-label="${name}"]`)!.closest("li")!;
  tile("Gamma").getBoundingClientRect = () => ({ left: 100, width: 100, top: 0, height: 100 }) as DOMRect;
  drag("dragstart", tile("Alpha").querySelector(".pk-grip")!);
  drag("dragover", tile("Gamma"), 120);
  await waitFor(() => expect(tile("Gamma").dataset["drop"]).toBe("before"));
  drag("dragover", tile("Gamma"), 180);
  await waitFor(() => expect(tile("Gamma").dataset["drop"]).toBe("after"));
  drag("drop", tile("Gamma"), 180);
  const moved = () => sidecar.asked("library.move").at(-1);
  await waitFor(() => expect(moved()).toEqual({ things: [{ app: "alpha" }], to: { folder: null, before: null } }));

  const names = () => [...element.querySelectorAll("article")].map((article) => article.getAttribute("aria-label"));
  await waitFor(() => expect(names()).toEqual(["Beta", "Gamma", "Alpha"]));
  await screen.findByText("Alpha was moved"); // one is moved after the other
  const alpha = tile("Alpha").querySelector<HTMLElement>(".pk-title-link")!;
  alpha.focus();
  fireEvent.keyDown(alpha, { key: "ArrowLeft" });
  expect(document.activeElement?.textContent).toBe("Gamma");
  fireEvent.keyDown(document.activeElement!, { key: "ArrowLeft", altKey: true });
  await waitFor(() => expect(names()).toEqual(["Gamma", "Beta", "Alpha"]));
  localStorage.clear();
}, 20_000);
