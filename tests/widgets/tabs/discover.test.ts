import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { AppId, RunId } from "../../../src/runtime/protocol/ids.js";
import { inspectionOf, type MemorySidecar } from "../../helpers/memory-sidecar.js";
import { sampleApp, sampleJob, samplePackage, sampleRun } from "../../helpers/samples.js";
import { closeViews, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const HELLO = AppId.parse("hello");
const INSTALL = RunId.parse("run_000000000007");

function withHello(sidecar: MemorySidecar): void {
  sidecar.catalog = [samplePackage()];
  sidecar.handlers["apps.install"] = () => ({ appId: HELLO, runId: INSTALL, job: sampleJob() });
}

const emptyAnswer = {
  packages: [],
  total: 0,
  size: 0,
  counts: {},
  tags: [],
  pasted: null,
  withoutFilters: 0,
  near: [],
};

/** Something that the test lets happen. */
function later(): { promise: Promise<void>; resolve(): void } {
  let resolve = () => undefined as void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve: () => resolve() };
}

const card = () => screen.findByRole("article", { name: "Hello" });
const press = async (name: string) => (await within(await card()).findByRole("button", { name })).click();

test("installing asks for consent, shows progress in the card's place and ends with Start", async () => {
  const { sidecar } = showView(withHello);
  await press("Install");

  const question = await screen.findByRole("region", { name: "Install Hello" });
  expect(within(question).getByText("This app's scripts run as you on this machine.")).toBeTruthy();
  for (const text of [
    "built-in:hello",
    "f00dfeedf00d",
    "api/hello",
    "install.json",
    "python -m venv env",
    "python app.py",
  ]) {
    expect(within(question).getByText(text)).toBeTruthy();
  }
  expect(document.activeElement?.textContent).toBe("Install Hello");
  expect(sidecar.asked("apps.install")).toEqual([]);

  within(question).getByRole("button", { name: "Install" }).click();
  await waitFor(() => expect(screen.queryByRole("region", { name: "Install Hello" })).toBeNull());
  expect(sidecar.asked("apps.install")).toEqual([{ source: "built-in:hello", agreed: "f00dfeedf00dfeed" }]);

  const startedAt = new Date(Date.now() - 12_000).toISOString();
  const run = sampleRun({
    id: INSTALL,
    script: "hello/install.json",
    startedAt,
    step: { index: 1, total: 5, method: "shell.run", startedAt },
  });
  sidecar.emit({ type: "run-changed", run });
  sidecar.emit({ type: "app-changed", app: sampleApp({ state: "installing", runs: [INSTALL] }) });
  expect(await within(await card()).findByText(/^Installing 2\/5/)).toBeTruthy();
  expect(within(await card()).getByText(/0:1\d/)).toBeTruthy();
  expect(within(await card()).getByText("shell.run")).toBeTruthy();
  expect(
    within(await card())
      .getByRole("progressbar")
      .getAttribute("aria-valuenow"),
  ).toBe("1");

  const end = { outcome: "finished" as const, error: null, at: new Date().toISOString() };
  sidecar.emit({ type: "run-changed", run: { ...run, state: "ended", end } });
  sidecar.emit({ type: "app-changed", app: sampleApp({ menu: [{ text: "Go", href: "start.json", default: true }] }) });
  expect(await within(await card()).findByRole("button", { name: "Start" })).toBeTruthy();
  expect(within(await card()).getByText("Installed")).toBeTruthy();
});

test("what lies elsewhere is fetched first, and the card shows how far that is", async () => {
  const fetched = later();
  const { sidecar } = showView((prepared) => {
    withHello(prepared);
    prepared.handlers["apps.fetch"] = () => {
      prepared.emit({ type: "job-changed", job: sampleJob({ appId: null, title: "Fetch Hello" }) });
      return { job: sampleJob({ appId: null }) };
    };
    prepared.handlers["jobs.wait"] = async () => {
      await fetched.promise;
      return sampleJob({ state: "done" });
    };
  });
  await press("Install");
  expect(await within(await card()).findByRole("progressbar", { name: "Fetch Hello" })).toBeTruthy();
  expect(sidecar.asked("apps.inspect")).toEqual([]);
  fetched.resolve();
  expect(await screen.findByRole("region", { name: "Install Hello" })).toBeTruthy();
});

test("a package that is no app is installed as what it is", async () => {
  const { sidecar } = showView((prepared) => {
    prepared.catalog = [samplePackage({ type: "model" })];
    prepared.handlers["packages.install"] = () => ({ job: sampleJob() });
  });
  await press("Install");
  await waitFor(() =>
    expect(sidecar.asked("packages.install")).toMatchObject([{ id: "hello", agreed: {}, despiteWarning: false }]),
  );
});

test("Escape and Cancel answer no", async () => {
  const { sidecar } = showView(withHello);
  for (const decline of [
    () => fireEvent.keyDown(document.activeElement as Element, { key: "Escape" }),
    () => screen.getByRole("button", { name: "Cancel" }).click(),
  ]) {
    await press("Install");
    await screen.findByRole("region", { name: "Install Hello" });
    decline();
    await waitFor(() => expect(screen.queryByRole("region", { name: "Install Hello" })).toBeNull());
  }
  expect(sidecar.asked("apps.install")).toEqual([]);
  expect(sidecar.asked("apps.refuse")).toEqual([{ source: sidecar.catalog[0]!.install }]); // going back is no refusal
});

test("what was agreed to before is installed without asking", async () => {
  const { sidecar } = showView((prepared) => {
    withHello(prepared);
    prepared.handlers["apps.inspect"] = ({ source }) => inspectionOf(source, { agreed: true });
  });
  await press("Install");
  await waitFor(() => expect(sidecar.asked("apps.install")).toHaveLength(1));
});

test("a script that could not be read is named, with the reason", async () => {
  showView((prepared) => {
    withHello(prepared);
    prepared.handlers["apps.inspect"] = ({ source }) =>
      inspectionOf(source, {
        commit: "0123456789abcdef",
        scripts: [{ path: "start.js", commands: [], problem: "kernel is not defined" }],
      });
  });
  await press("Install");
  expect(await screen.findByText(/Could not be read without running it: kernel is not defined/)).toBeTruthy();
  expect(screen.getByText("0123456789ab")).toBeTruthy();
});

test("a refused install is told where the button is", async () => {
  showView((prepared) => {
    withHello(prepared);
    prepared.handlers["apps.install"] = () => {
      throw new PinokioError("out-of-space", "The disk is full: 0 B free", { hint: "Free 2 GB" });
    };
  });
  await press("Install");
  const question = await screen.findByRole("region", { name: "Install Hello" });
  within(question).getByRole("button", { name: "Install" }).click();
  const error = await within(question).findByRole("group", { name: "Error" });
  expect(within(error).getByText("The disk is full: 0 B free")).toBeTruthy();
  expect(within(error).getByText("Free 2 GB")).toBeTruthy();
});

test("an install that failed shows its first cause, what can be done, its output and a way to try again", async () => {
  const { sidecar } = showView((prepared) => {
    withHello(prepared);
    const error = {
      code: "step-failed" as const,
      message: "Step 2 ended with exit code 1",
      hint: "Look at its output",
    };
    const run = sampleRun({
      id: INSTALL,
      script: "hello/install.json",
      state: "ended",
      end: { outcome: "failed", error, at: "2026-01-01T00:01:00.000Z" },
    });
    prepared.state.runs.push(run);
    prepared.state.apps.push(sampleApp({ state: "install-failed" }));
    prepared.print(INSTALL, "no such package\n");
    prepared.endOutput(INSTALL);
    prepared.handlers["runs.start"] = () => ({ run, already: false });
    prepared.handlers["runs.diagnose"] = () => ({
      code: "no-space",
      sentence: "There is no space left on the disk",
      hint: "Free some space, then try again",
      line: { text: "no such package", offset: 0 },
      repairs: [{ kind: "free-disk", label: "Free up space", params: { bytes: null } }],
    });
    prepared.handlers["runs.repairPreview"] = () => ({ does: "Empties caches", removes: [], moves: [], refused: null });
  });
  expect(await within(await card()).findByText("There is no space left on the disk")).toBeTruthy();
  await press("no such package");
  await waitFor(() => expect(screen.getByRole("log").textContent).toContain("no such package"));
  await press("Free up space");
  expect(await within(await card()).findByText("Empties caches")).toBeTruthy();
  await press("Cancel");
  await press("Install again");
  await waitFor(() => expect(sidecar.asked("runs.start")).toEqual([{ script: "hello/install.json" }]));
  await press("Details");
  expect(await screen.findByRole("heading", { name: "Runs" })).toBeTruthy();
});

const field = () => screen.findByRole("searchbox", { name: "Search apps" });
const type = async (text: string) => fireEvent.input(await field(), { target: { value: text } });
const names = () => screen.queryAllByRole("article").map((article) => article.getAttribute("aria-label"));

test("what is typed is looked for at once, and what was found stays until there is an answer", async () => {
  const { sidecar } = showView((prepared) => {
    prepared.catalog = [samplePackage(), samplePackage({ id: "other", name: "Other thing" })];
  });
  await screen.findByRole("article", { name: "Other thing" });
  expect((await field()).getAttribute("placeholder")).toContain("Search 2 apps");
  const { promise, resolve } = later();
  const answer = sidecar.handlers["catalog.search"];
  sidecar.handlers["catalog.search"] = async (query) => {
    await promise;
    return { ...emptyAnswer, packages: [samplePackage()], total: 1, size: 2, near: [query.text] };
  };
  await type("hel");
  await waitFor(() => expect(sidecar.asked("catalog.search").at(-1)?.text).toBe("hel"));
  expect(names()).toEqual(["Hello", "Other thing"]);
  resolve();
  await waitFor(() => expect(names()).toEqual(["Hello"]));
  expect(answer).toBeUndefined();
});

test("chips and filters narrow the list; a chip that is pressed again lets go", async () => {
  const { sidecar } = showView((prepared) => {
    prepared.catalog = [samplePackage(), samplePackage({ id: "song", name: "Song", category: "audio" })];
  });
  const chip = await screen.findByRole("button", { name: "Audio 1" });
  chip.click();
  await waitFor(() => expect(sidecar.asked("catalog.search").at(-1)?.filters).toEqual({ category: "audio" }));
  expect(chip.getAttribute("aria-pressed")).toBe("true");
  screen.getByRole("checkbox", { name: "Needs no token" }).click();
  fireEvent.change(screen.getByRole("combobox", { name: "GPU memory" }), { target: { value: "8" } });
  await waitFor(() =>
    expect(sidecar.asked("catalog.search").at(-1)?.filters).toEqual({
      category: "audio",
      noToken: true,
      vramAtMost: 8,
    }),
  );
  expect(screen.getByRole("button", { name: "Filters (2)" })).toBeTruthy();
  chip.click();
  await waitFor(() =>
    expect(sidecar.asked("catalog.search").at(-1)?.filters).toEqual({ noToken: true, vramAtMost: 8 }),
  );
});

test("a slash goes to the search, and Escape empties it", async () => {
  showView(withHello);
  const box = (await field()) as HTMLInputElement;
  await card();
  expect(document.activeElement).not.toBe(box);
  fireEvent.keyDown(screen.getByRole("tab", { name: /^Discover/ }), { key: "/" });
  expect(document.activeElement).toBe(box);
  await type("x");
  fireEvent.keyDown(box, { key: "Escape" });
  await waitFor(() => expect(box.value).toBe(""));
});

test("how an app fits is one line, with every reason for who looks closer", async () => {
  showView((prepared) => {
    prepared.catalog = [
      samplePackage({
        fit: {
          verdict: "tight",
          reasons: [
            { text: "needs about 16 GB of GPU memory, this machine has 15.0", verdict: "tight" },
            { text: "asks for HF_TOKEN", verdict: null },
          ],
        },
      }),
    ];
  });
  const line = await within(await card()).findByText("Tight: needs about 16 GB of GPU memory, this machine has 15.0");
  const focused = line.closest("[tabindex='0']");
  const reasons = document.getElementById(focused?.getAttribute("aria-describedby") ?? "");
  expect(within(reasons!).getByText("asks for HF_TOKEN")).toBeTruthy();
});

test("what its source warns of shows that first", async () => {
  const { sidecar } = showView((prepared) => {
    withHello(prepared);
    prepared.catalog = [samplePackage({ warning: "An unofficial copy" })];
    prepared.handlers["apps.inspect"] = ({ source }) => inspectionOf(source, { warning: "An unofficial copy" });
  });
  const found = await card();
  const words = found.textContent ?? "";
  expect(words.indexOf("An unofficial copy")).toBeLessThan(words.indexOf("Says hello"));
  await press("Install");
  const question = await screen.findByRole("region", { name: "Install Hello" });
  within(question).getByRole("button", { name: "Install despite the warning" }).click();
  await waitFor(() =>
    expect(sidecar.asked("apps.install")).toEqual([
      { source: "built-in:hello", agreed: "f00dfeedf00dfeed", despiteWarning: true },
    ]),
  );
});

test("a folder that is typed comes first and can be installed, and the library then shows it", async () => {
  const { sidecar } = showView((prepared) => {
    withHello(prepared);
    const pasted = samplePackage({ id: "/home/ada/app", name: "app", source: "pasted", install: "/home/ada/app" });
    prepared.handlers["catalog.search"] = ({ text }) => ({
      ...emptyAnswer,
      size: 1,
      pasted: text === " /home/ada/app" ? pasted : null,
    });
  });
  await type(" /home/ada/app");
  const row = await screen.findByRole("article", { name: "app" });
  within(row).getByRole("button", { name: "Install" }).click();
  const question = await screen.findByRole("region", { name: "Install Hello" });
  expect(within(question).getByText("/home/ada/app")).toBeTruthy();
  within(question).getByRole("button", { name: "Install" }).click();
  await waitFor(() =>
    expect(screen.getByRole("tab", { name: /^My Library/ }).getAttribute("aria-selected")).toBe("true"),
  );
  sidecar.emit({ type: "app-changed", app: sampleApp({ id: AppId.parse("other"), title: "Other" }) });
  sidecar.emit({ type: "app-changed", app: sampleApp({ state: "installing" }) });
  const name = await screen.findByRole("button", { name: "Hello" });
  await waitFor(() => expect(document.activeElement).toBe(name));
});

test("an address whose app is here and half installed offers to go on with that, and fetches nothing", async () => {
  const url = "https://git.example.test/half.git";
  const half = sampleApp({ state: "install-failed", why: "install.json was stopped", source: url });
  let isAgreed = false;
  const { sidecar } = showView((prepared) => {
    const pasted = samplePackage({ id: url, name: "half", source: "pasted", install: url });
    prepared.handlers["catalog.search"] = ({ text }) => ({ ...emptyAnswer, pasted: text === url ? pasted : null });
    prepared.state.apps.push(half);
    prepared.handlers["apps.unfinished"] = ({ source }) => ({ app: source === url ? half : null });
    prepared.handlers["apps.agree"] = () => {
      isAgreed = true;
      return {};
    };
    prepared.handlers["apps.resume"] = () => {
      if (!isAgreed) throw new PinokioError("agreement-needed", "Nobody has agreed to what Hello will run");
      return { appId: HELLO, runId: null, job: sampleJob() };
    };
  });
  await type(url);
  const row = await screen.findByRole("article", { name: "half" });
  within(row).getByRole("button", { name: "Install" }).click();
  expect((await within(row).findByRole("status")).textContent).toBe(
    "Hello is here already, and was not installed to its end: install.json was stopped",
  );
  within(row).getByRole("button", { name: "Resume install" }).click();
  const question = await screen.findByRole("region", { name: "Resume installing Hello" });
  within(question).getByRole("button", { name: "Agree and resume" }).click();
  await waitFor(() => expect(sidecar.asked("apps.resume")).toHaveLength(2));
  expect(sidecar.asked("apps.fetch")).toEqual([]);
});

test("a source that is not supported says so in its row", async () => {
  showView((prepared) => {
    prepared.catalog = [samplePackage()];
    prepared.handlers["apps.inspect"] = () => {
      throw new PinokioError("source-unsupported", "Apps cannot be installed from there", { hint: "Give a folder" });
    };
  });
  await press("Install");
  expect(await within(await card()).findByText("Apps cannot be installed from there")).toBeTruthy();
  expect(screen.getByText("Give a folder")).toBeTruthy();
});

test("nothing found: names that are near, and a way to let go of the filters", async () => {
  const { sidecar } = showView((prepared) => {
    prepared.handlers["catalog.search"] = ({ text, filters }) =>
      text === "confy" && filters.cpu === true
        ? { ...emptyAnswer, size: 9, near: ["ComfyUI"], withoutFilters: 4 }
        : { ...emptyAnswer, size: 9, packages: [samplePackage()], total: 1 };
  });
  await card();
  await type("confy");
  screen.getByRole("checkbox", { name: "Works on CPU" }).click();
  expect(await screen.findByText("Nothing found for “confy”")).toBeTruthy();
  expect(screen.getByText("Without filters there are 4.")).toBeTruthy();
  screen.getByRole("button", { name: "Clear filters" }).click();
  await card();
  screen.getByRole("checkbox", { name: "Works on CPU" }).click();
  (await screen.findByRole("button", { name: "ComfyUI" })).click();
  await waitFor(() => expect(sidecar.asked("catalog.search").at(-1)).toMatchObject({ text: "ComfyUI", filters: {} }));
});

test("a source that cannot be reached says so and can be asked again; what it gave before is shown", async () => {
  const { sidecar } = showView((prepared) => {
    withHello(prepared);
    prepared.sources = [
      {
        id: "example-org",
        kind: "index",
        label: "example.org",
        address: "https://example.org/index.json",
        packages: 3,
        skipped: 1,
        problems: ['"bad": name is empty'],
        date: "2026-11-01T10:00:00.000Z",
        error: { code: "network-failed", message: "example.org does not answer" },
        canRemove: true,
        canRefresh: true,
      },
    ];
    prepared.handlers["catalog.refresh"] = () => [];
    prepared.handlers["catalog.removeSource"] = () => ({});
    prepared.handlers["catalog.addSource"] = () => prepared.sources[0]!;
  });
  expect(await screen.findByText(/^example.org does not answer. What was fetched on/)).toBeTruthy();
  screen.getByRole("button", { name: "Try again" }).click();
  await waitFor(() => expect(sidecar.asked("catalog.refresh")).toEqual([{ id: "example-org" }]));

  (await screen.findByRole("button", { name: /^example.org \(3/ })).click();
  expect(await screen.findByText("1 entry was left out")).toBeTruthy();
  expect(screen.getByText('"bad": name is empty')).toBeTruthy();
  const added = screen.getByRole("textbox", { name: "Add a source" });
  fireEvent.input(added, { target: { value: " https://example.org/other.json " } });
  fireEvent.submit(added);
  await waitFor(() =>
    expect(sidecar.asked("catalog.addSource")).toEqual([{ address: "https://example.org/other.json" }]),
  );
  screen.getByRole("button", { name: "Remove the source example.org" }).click();
  await waitFor(() => expect(sidecar.asked("catalog.removeSource")).toEqual([{ id: "example-org" }]));
});

test("more is shown when somebody asks, and details name where a package is from", async () => {
  const { opened } = showView((prepared) => {
    prepared.catalog = Array.from({ length: 45 }, (_, at) =>
      samplePackage({ id: `app-${at}`, name: `App ${at}`, repository: `https://example.org/app-${at}` }),
    );
    prepared.handlers["catalog.info"] = ({ id }) => ({
      ...prepared.catalog.find((one) => one.id === id)!,
      similar: [{ id: "app-2", name: "App 2" }],
    });
  });
  (await screen.findByRole("button", { name: "Show 5 more of 45" })).click();
  await waitFor(() => expect(names()).toHaveLength(45));
  screen.getByRole("button", { name: "App 44" }).click();
  (await screen.findByRole("button", { name: "example.org/app-44" })).click();
  expect(opened).toEqual(["https://example.org/app-44"]);
  const similar = await within(screen.getByRole("article", { name: "App 44" })).findByRole("button", { name: "App 2" });
  similar.click();
  await waitFor(async () => expect(((await field()) as HTMLInputElement).value).toBe("App 2"));
});

test("an installed app's place in the catalog is taken by its state", async () => {
  showView((prepared) => {
    withHello(prepared);
    const run = sampleRun({ state: "ready" });
    prepared.state.runs.push(run);
    prepared.state.apps.push(sampleApp({ runs: [run.id], url: "http://127.0.0.1:7860" }));
  });
  expect(await within(await card()).findByText("Ready")).toBeTruthy();
  expect(within(await card()).getByRole("button", { name: "Open" })).toBeTruthy();
});

test("what is installed meanwhile stays where it is; another search has its own order", async () => {
  const named = (name: string) => samplePackage({ id: name.toLowerCase(), name });
  const [one, two, three] = [named("One"), named("Two"), named("Three")];
  let order = [one, two, three];
  const { sidecar } = showView((prepared) => {
    prepared.handlers["catalog.search"] = () => ({ ...emptyAnswer, size: 3, packages: order, total: order.length });
  });
  const shown = () => screen.getAllByRole("article").map((card) => card.getAttribute("aria-label"));
  await screen.findByRole("article", { name: "Two" });
  order = [{ ...two, installed: AppId.parse("two") }, one, three];
  const asked = sidecar.asked("catalog.search").length;
  sidecar.emit({ type: "app-changed", app: sampleApp({ id: AppId.parse("two"), title: "Two" }) });
  await waitFor(() => expect(sidecar.asked("catalog.search").length).toBeGreaterThan(asked));
  await within(screen.getByRole("article", { name: "Two" })).findByText("Installed");
  expect(shown()).toEqual(["One", "Two", "Three"]);
  await type("t");
  await waitFor(() => expect(shown()).toEqual(["Two", "One", "Three"]));
});

test("what is installed and in no catalog is named where only installed apps are looked for", async () => {
  showView((prepared) => {
    withHello(prepared);
    prepared.state.apps.push(sampleApp({ id: AppId.parse("mine"), title: "Mine" }));
  });
  await card();
  screen.getByRole("checkbox", { name: "Installed" }).click();
  (await screen.findByRole("button", { name: "1 more app that is installed is in My Library" })).click();
  await screen.findByRole("article", { name: "Mine" });
});

test("a folder of a Windows machine is told as one, whatever its words find", async () => {
  showView(withHello);
  await card();
  await type("C:\\apps\\hello");
  expect(await screen.findByText(/^That is a folder of a Windows machine/)).toBeTruthy();
  await type("hello");
  await waitFor(() => expect(screen.queryByText(/^That is a folder of a Windows machine/)).toBeNull());
});

test("one reason stands on the card; of several the others are a look away, until Escape", async () => {
  const reasons = [
    { text: "needs about 12 GB of GPU memory", verdict: "tight" as const },
    { text: "fits on the disk", verdict: "fits" as const },
  ];
  showView((prepared) => {
    prepared.catalog = [samplePackage(), samplePackage({ id: "two", name: "Two", fit: { verdict: "tight", reasons } })];
  });
  const two = await screen.findByRole("article", { name: "Two" });
  expect(within(await card()).queryByRole("tooltip")).toBeNull();
  const tip = within(two).getByRole("tooltip");
  expect(tip.textContent).toBe("needs about 12 GB of GPU memoryfits on the disk");
  const line = two.querySelector<HTMLElement>(".pk-verdict")!;
  fireEvent.keyDown(line, { key: "Escape" });
  await waitFor(() => expect(line.dataset["closed"]).toBe("true"));
  fireEvent.focusIn(line);
  await waitFor(() => expect(line.dataset["closed"]).toBeUndefined());
});
