import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView, type ShownView } from "../../helpers/show-view.js";

afterEach(closeViews);

async function showLog(run: Run, prepare: (sidecar: ShownView["sidecar"]) => void): Promise<ShownView["sidecar"]> {
  const { sidecar } = showView((prepared) => {
    prepared.state.runs.push(run);
    prepare(prepared);
  });
  await openTab("Running");
  (await screen.findByRole("button", { name: "Output" })).click();
  await screen.findByRole("log");
  return sidecar;
}

/** What was handed to the browser as files. */
function catchFiles(): { name: string; content: Blob }[] {
  const files: { name: string; content: Blob }[] = [];
  const blobs: Blob[] = [];
  Object.assign(URL, {
    createObjectURL: (blob: Blob) => `#${blobs.push(blob) - 1}`,
    revokeObjectURL: () => undefined,
  });
  document.addEventListener("click", (event) => {
    const link = event.target;
    if (!(link instanceof HTMLAnchorElement) || link.download === "") return;
    event.preventDefault();
    files.push({ name: link.download, content: blobs[Number(link.hash.slice(1))]! });
  });
  return files;
}

const textOf = (blob: Blob): Promise<string> =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.readAsText(blob);
  });

test("the whole output is searched, and a line that was found is shown with what stands around it", async () => {
  const lines = Array.from({ length: 60_000 }, (_, line) => `line ${line} é`);
  const text = lines.join("\n");
  const run = sampleRun();
  const offset = new TextEncoder().encode(text.slice(0, text.indexOf("line 30000 "))).length;
  const sidecar = await showLog(run, (prepared) => {
    prepared.print(run.id, text);
    prepared.handlers["output.search"] = ({ text: wanted }) => ({
      lines: wanted === "30000" ? [{ offset, text: "line 30000 é" }] : [],
      isMore: false,
    });
  });
  const box = screen.getByRole("searchbox", { name: "Search the output" });
  fireEvent.change(box, { target: { value: "nowhere" } });
  fireEvent.submit(box);
  await screen.findByText("No line holds “nowhere”");
  fireEvent.change(box, { target: { value: "30000" } });
  fireEvent.submit(box);
  await screen.findByText("1 line with “30000”");
  expect(sidecar.asked("output.search").at(-1)).toEqual({ runId: run.id, text: "30000", most: 200 });
  const found = within(screen.getByRole("list", { name: "Lines that were found" })).getByRole("button");
  expect(found.querySelector("mark")?.textContent).toBe("30000");
  found.click();
  await waitFor(() => {
    const shown = screen.getByRole("log").textContent?.split("\n") ?? [];
    expect(shown).toContain("line 29999 é");
    expect(shown).toContain("line 30001 é");
    expect(shown[0]).toMatch(/^line 29\d\d\d é$/);
    expect(shown).not.toContain("line 59999 é");
  });
  screen.getByRole("button", { name: "Back to the latest output" }).click();
  await waitFor(() => expect(screen.getByRole("log").textContent).toMatch(/line 59999 é$/));
});

test("earlier output that could not be searched is said", async () => {
  const run = sampleRun();
  await showLog(run, (prepared) => {
    prepared.handlers["output.search"] = () => ({ lines: [], isMore: false, goneBytes: 3 * 1024 * 1024 });
  });
  const box = screen.getByRole("searchbox", { name: "Search the output" });
  fireEvent.change(box, { target: { value: "x" } });
  fireEvent.submit(box);
  await screen.findByText("No line holds “x” · 3 MB of earlier output are gone");
});

test("all of a live run's output so far is saved as a file, and what is gone is said", async () => {
  const files = catchFiles();
  const text = "0123456789".repeat(100_000);
  const run = sampleRun({ outputBytes: text.length, startedAt: "2026-01-31T04:12:30.000Z" });
  const sidecar = await showLog(run, (prepared) => {
    prepared.print(run.id, text);
    prepared.forgetOutput(run.id, 4096);
  });
  const last = "printed before the click, and not told as the run's size yet";
  sidecar.print(run.id, last);
  screen.getByRole("button", { name: "Download all output" }).click();
  await waitFor(() => expect(files).toHaveLength(1));
  expect(files[0]?.name).toBe("hello-start.json-20260131-0412.log");
  expect(await textOf(files[0]!.content)).toBe(`\n… 4 KB of earlier output are gone …\n${text.slice(4096)}${last}`);
});

test("the output is copied as it is read; where a page may not, that is said", async () => {
  const run = { ...sampleRun(), outputBytes: 40 };
  const copied: string[] = [];
  const clipboard = { writeText: (text: string) => Promise.resolve(void copied.push(text)) };
  Object.defineProperty(navigator, "clipboard", { configurable: true, value: clipboard });
  await showLog(run, (prepared) => prepared.print(run.id, "\x1b[31mred\x1b[0m\n10%\r20%\nlast"));
  fireEvent.click(screen.getByRole("button", { name: "Copy the output" }));
  await screen.findByText("Copied");
  expect(copied).toEqual(["red\n20%\nlast"]);

  clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  fireEvent.click(screen.getByRole("button", { name: "Copy the output" }));
  await screen.findByText(/^This page may not use the clipboard/);
});

test("Ctrl+A selects the log and nothing around it", async () => {
  const run = sampleRun();
  await showLog(run, (prepared) => prepared.print(run.id, "one\ntwo\n"));
  const log = screen.getByRole("log");
  await waitFor(() => expect(log.textContent).toContain("two"));
  fireEvent.keyDown(log, { key: "a", ctrlKey: true });
  expect(getSelection()?.toString()).toBe("one\ntwo\n");
});

test("a gap is a line of the log", async () => {
  const run = sampleRun();
  await showLog(run, (prepared) => {
    prepared.print(run.id, `${"x".repeat(300_000)}\nlast\n`);
    prepared.forgetOutput(run.id, 299_000);
  });
  await waitFor(() =>
    expect(screen.getByRole("log").textContent).toBe("… 292 KB of earlier output are gone …\nlast\n"),
  );
});

test("a progress bar that is drawn ten thousand times stays one line", async () => {
  const run = sampleRun();
  const bar = Array.from({ length: 10_000 }, (_, at) => `\r ${at}/10000 [00:05<00:05]`).join("");
  const sidecar = await showLog(run, (prepared) => prepared.print(run.id, "start\n"));
  sidecar.print(run.id, bar);
  const log = screen.getByRole("log");
  await waitFor(() => expect(log.textContent).toBe("start\n 9999/10000 [00:05<00:05]"));
  expect(within(log).getByRole("progressbar").getAttribute("aria-valuenow")).toBe("99");
  expect(log.querySelectorAll("*").length).toBeLessThan(10);
});

test("a line is typed into the terminal, and Ctrl-C sent", async () => {
  const run = sampleRun({ shells: 1 });
  const sidecar = await showLog(run, (prepared) => {
    prepared.handlers["runs.type"] = () => ({});
  });
  const input = screen.getByRole("textbox", { name: "Send input" });
  fireEvent.change(input, { target: { value: "yes" } });
  fireEvent.submit(input);
  await waitFor(() => expect(sidecar.asked("runs.type")).toEqual([{ runId: run.id, text: "yes\r" }]));
  expect((input as HTMLInputElement).value).toBe("");
  await waitFor(() => expect(screen.getByRole("button", { name: "Ctrl-C" }).ariaDisabled ?? null).toBeNull());
  screen.getByRole("button", { name: "Ctrl-C" }).click();
  await waitFor(() => expect(sidecar.asked("runs.type").at(-1)?.text).toBe("\u0003"));
});

test("a step that takes input says so, and a run without a terminal takes none", async () => {
  const step = { index: 0, total: 1, method: "shell.run", startedAt: "2026-01-01T00:00:00.000Z", takesInput: true };
  const run = sampleRun({ shells: 1, step });
  const sidecar = await showLog(run, () => undefined);
  expect(screen.getByRole("textbox", { name: "This step takes what you type" })).toBeTruthy();
  sidecar.emit({ type: "run-changed", run: { ...run, shells: 0 } });
  await waitFor(() => expect(screen.queryByRole("textbox")).toBeNull());
});
