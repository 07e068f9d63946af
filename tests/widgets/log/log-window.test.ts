import { afterEach, expect, jest, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView, type ShownView } from "../../helpers/show-view.js";

jest.setTimeout(60_000); // ten thousand lines, many times, on a machine that does other things
afterEach(closeViews);

const numbered = (from: number, to: number, letters = 20) =>
  Array.from({ length: to - from }, (_, at) => `line ${from + at} ${"é".repeat(letters)}\n`).join("");

async function showLog(run: Run, prepare: (sidecar: ShownView["sidecar"]) => void): Promise<ShownView> {
  const view = showView((prepared) => {
    prepared.state.runs.push(run);
    prepare(prepared);
  });
  await openTab("Running");
  (await screen.findByRole("button", { name: "Output" })).click();
  await screen.findByRole("log");
  return view;
}

/** The box as a browser would have laid it out: 16 px a line, 320 px high. */
function scrollTo(log: HTMLElement, top: number | "end"): void {
  const height = () => 16 * (log.textContent?.split("\n").length ?? 0);
  Object.defineProperty(log, "clientHeight", { configurable: true, get: () => 320 });
  Object.defineProperty(log, "scrollHeight", { configurable: true, get: height });
  log.scrollTop = top === "end" ? height() - 320 : top;
  fireEvent.scroll(log);
}

const shownLines = (log: HTMLElement) =>
  (log.firstElementChild?.textContent ?? "").split("\n").filter((line) => line !== "");
const numbersIn = (log: HTMLElement) => shownLines(log).map((line) => Number(/^line (\d+)/.exec(line)?.[1]));
const inOrder = (numbers: number[]) => numbers.every((number, at) => number === numbers[0]! + at);

test("ten thousand lines: the latest are there, older ones come with scrolling up, later ones go and come back", async () => {
  const run = sampleRun();
  await showLog(run, (prepared) => prepared.print(run.id, numbered(0, 10_000, 35)));
  const log = screen.getByRole("log");
  await waitFor(() => expect(log.textContent).toContain("line 9999 "));
  expect(numbersIn(log).length).toBeLessThan(6_000);

  while (numbersIn(log)[0] !== 0) {
    const before = numbersIn(log)[0]!;
    scrollTo(log, 0);
    await waitFor(() => expect(numbersIn(log)[0]).toBeLessThan(before));
    expect(inOrder(numbersIn(log))).toBe(true);
    expect(numbersIn(log).length).toBeLessThan(6_000);
  }
  expect(log.textContent).not.toContain("line 9999 ");

  while (!log.textContent?.includes("line 9999 ")) {
    const before = numbersIn(log).at(-1)!;
    scrollTo(log, "end");
    await waitFor(() => expect(numbersIn(log).at(-1)).toBeGreaterThan(before));
    expect(inOrder(numbersIn(log))).toBe(true);
    expect(numbersIn(log).length).toBeLessThan(9_000); // what is kept, and what is on its way
  }
});

test("while somebody reads above, what is printed waits; the way to the end goes there at once", async () => {
  const run = sampleRun();
  const { sidecar } = await showLog(run, (prepared) => prepared.print(run.id, numbered(0, 1_000)));
  const log = screen.getByRole("log");
  await waitFor(() => expect(log.textContent).toContain("line 999 "));
  scrollTo(log, 1_000);
  sidecar.print(run.id, numbered(1_000, 60_000));
  await waitFor(() => expect(numbersIn(log).length).toBeGreaterThan(5_000));
  await new Promise((done) => setTimeout(done, 100));
  expect(numbersIn(log)[0]).toBe(0);
  expect(numbersIn(log).length).toBeLessThan(12_000);
  (await screen.findByRole("button", { name: "Jump to the end" })).click();
  await waitFor(() => expect(numbersIn(log).at(-1)).toBe(59_999));
  expect(numbersIn(log).length).toBeLessThan(6_500);
});

test("a flood is looked at now and then: its end is shown, and what was left out is there above", async () => {
  const run = sampleRun();
  const { sidecar } = await showLog(run, (prepared) => prepared.print(run.id, numbered(0, 10)));
  const log = screen.getByRole("log");
  await waitFor(() => expect(log.textContent).toContain("line 9 "));
  scrollTo(log, "end");
  const LINES = 200_000;
  for (let from = 10; from < LINES; from += 5_000) {
    sidecar.print(run.id, numbered(from, Math.min(LINES, from + 5_000)));
    await new Promise((done) => setTimeout(done, 10));
  }
  await waitFor(() => expect(numbersIn(log).at(-1)).toBe(LINES - 1));
  expect(inOrder(numbersIn(log))).toBe(true);
  expect(sidecar.bytesSent).toBeLessThan(sidecar.outputOf(run.id).bytes.length / 2);

  sidecar.print(run.id, numbered(LINES, LINES + 3)); // quiet again
  await waitFor(() => expect(numbersIn(log).at(-1)).toBe(LINES + 2));
  const before = numbersIn(log)[0]!;
  scrollTo(log, 0);
  await waitFor(() => expect(numbersIn(log)[0]).toBeLessThan(before));
  expect(inOrder(numbersIn(log))).toBe(true);
});

test("who scrolls up in a flood reads what is there", async () => {
  const run = sampleRun();
  const { sidecar } = await showLog(run, (prepared) => prepared.print(run.id, numbered(0, 10)));
  const log = screen.getByRole("log");
  await waitFor(() => expect(log.textContent).toContain("line 9 "));
  let printed = 10;
  const flood = setInterval(() => sidecar.print(run.id, numbered(printed, (printed += 5_000))), 10);
  try {
    await waitFor(() => expect(numbersIn(log).at(-1)).toBeGreaterThan(50_000));
    const first = numbersIn(log)[0]!;
    scrollTo(log, 400);
    await screen.findByRole("button", { name: "Jump to the end" });
    const seen = numbersIn(log).slice(0, 40);
    await new Promise((done) => setTimeout(done, 400));
    expect(numbersIn(log)).toEqual(expect.arrayContaining(seen));
    expect(numbersIn(log)[0]).toBeLessThanOrEqual(first);
    expect(inOrder(numbersIn(log))).toBe(true);
  } finally {
    clearInterval(flood);
  }
});

test("what is gone above is said where it was", async () => {
  const run = sampleRun();
  await showLog(run, (prepared) => {
    prepared.print(run.id, numbered(0, 12_000, 40));
    prepared.forgetOutput(run.id, 400 * 1024);
  });
  const log = screen.getByRole("log");
  await waitFor(() => expect(log.textContent).toContain("line 11999 "));
  while (!log.textContent?.includes("earlier output are gone")) {
    const before = numbersIn(log)[0]!;
    scrollTo(log, 0);
    await waitFor(() => expect(numbersIn(log)[0]).not.toBe(before));
  }
  expect(shownLines(log)[0]).toBe("… 400 KB of earlier output are gone …");
});

test("addresses are links that the view opens, and markup stays text", async () => {
  const run = sampleRun();
  const { opened } = await showLog(run, (prepared) =>
    prepared.print(run.id, "<b>Running</b> on http://127.0.0.1:7860.\nand https://example.org/x\n"),
  );
  const log = screen.getByRole("log");
  const link = await within(log).findByRole("link", { name: "http://127.0.0.1:7860" });
  fireEvent.click(link);
  expect(opened).toEqual(["http://127.0.0.1:7860"]);
  expect(log.firstElementChild?.textContent).toBe(
    "<b>Running</b> on http://127.0.0.1:7860.\nand https://example.org/x\n",
  );
  expect(within(log).getAllByRole("link")).toHaveLength(2);
});

test("a bar that moves is drawn, its text is one press away, and the finished line is text", async () => {
  const run = sampleRun();
  const { sidecar } = await showLog(run, (prepared) =>
    prepared.print(run.id, "Fetching\r 10%|█         | 1/10\r 50%|█████     | 5/10"),
  );
  const log = screen.getByRole("log");
  const bar = await within(log).findByRole("progressbar");
  expect(bar.getAttribute("aria-valuenow")).toBe("50");
  expect(bar.parentElement?.title).toBe(" 50%|█████     | 5/10");
  fireEvent.click(bar);
  expect(log.querySelector(".pk-log-raw")).not.toBeNull();
  sidecar.print(run.id, "\r 90%|█████████ | 9/10");
  await waitFor(() => expect(bar.getAttribute("aria-valuenow")).toBe("90"));
  sidecar.print(run.id, "\r100%|██████████| 10/10\ndone\n");
  await waitFor(() => expect(log.textContent).toBe("100%|██████████| 10/10\ndone\n"));
  expect(within(log).queryByRole("progressbar")).toBeNull();
});

test("a run that ends keeps the log that is open below it", async () => {
  const run = sampleRun();
  const { sidecar } = await showLog(run, (prepared) => prepared.print(run.id, "hello\n"));
  const log = screen.getByRole("log");
  await waitFor(() => expect(log.textContent).toBe("hello\n"));
  const end = { outcome: "finished" as const, error: null, at: new Date().toISOString() };
  sidecar.emit({ type: "run-changed", run: { ...run, state: "ended", end } });
  expect(await screen.findByRole("heading", { name: "Ended" })).toBeTruthy();
  expect(screen.getByRole("log")).toBe(log);
  expect(log.textContent).toBe("hello\n");
});
