import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import type { Job } from "../../../src/runtime/protocol/jobs.js";
import { inspectionOf, type MemorySidecar } from "../../helpers/memory-sidecar.js";
import { sampleApp, sampleCame, sampleJob, samplePackage } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const HELLO = AppId.parse("hello");
const FETCH: Job = sampleJob({ kind: "fetch", appId: null, title: "Fetch Hello" });

const press = async () =>
  within(await screen.findByRole("article", { name: "Hello" }))
    .getByRole("button", { name: "Install" })
    .click();

function fromAfar(sidecar: MemorySidecar): void {
  sidecar.catalog = [samplePackage()];
  sidecar.handlers["apps.install"] = () => ({ appId: HELLO, runId: null, job: sampleJob() });
}

test("what is fetched is a bar that can be cancelled; then it is agreed to, with all a person should know", async () => {
  let end: (job: Job) => void = () => undefined;
  const { sidecar } = showView((prepared) => {
    fromAfar(prepared);
    prepared.handlers["apps.fetch"] = () => ({ job: FETCH });
    prepared.handlers["jobs.wait"] = () => new Promise((resolve) => (end = resolve));
    prepared.handlers["jobs.cancel"] = () => ({ ...FETCH, state: "cancelled" });
    prepared.handlers["apps.inspect"] = ({ source }) =>
      inspectionOf(source, {
        source: "https://example.org/old/hello.git",
        repository: "https://example.org/new/hello.git",
        movedFrom: "https://example.org/old/hello.git",
        branch: "main",
        commit: "0123456789abcdef",
        secrets: ["HF_TOKEN"],
        warning: "It sends pictures elsewhere",
      });
  });
  await press();
  sidecar.emit({
    type: "job-changed",
    job: { ...FETCH, progress: { done: 250, total: 1_000, unit: "objects" } },
  });
  const bar = await screen.findByRole("progressbar", { name: "Fetch Hello" });
  expect(bar.getAttribute("aria-valuenow")).toBe("25");
  expect(screen.getByText("Fetching")).toBeTruthy();
  expect(screen.getByText(/^250 of 1000 objects · \d/)).toBeTruthy();
  within(bar.closest<HTMLElement>(".pk-job")!).getByRole("button", { name: "Cancel" }).click();
  await waitFor(() => expect(sidecar.asked("jobs.cancel")).toEqual([{ jobId: FETCH.id }]));

  sidecar.emit({ type: "job-changed", job: { ...FETCH, state: "done" } });
  end({ ...FETCH, state: "done" });
  const sheet = within(await screen.findByRole("region", { name: "Install Hello" }));
  for (const text of ["https://example.org/new/hello.git", "main", "0123456789ab", "HF_TOKEN"]) {
    expect(sheet.getByText(text)).toBeTruthy();
  }
  expect(within(sheet.getByRole("group", { name: "Warning" })).getByText("It sends pictures elsewhere")).toBeTruthy();
  sheet.getByRole("button", { name: "Install despite the warning" }).click();
  await waitFor(() =>
    expect(sidecar.asked("apps.install")).toEqual([
      { source: "https://example.org/old/hello.git", agreed: "f00dfeedf00dfeed", despiteWarning: true },
    ]),
  );
});

test("a private repository is asked for its token in the place where it failed", async () => {
  const { sidecar } = showView((prepared) => {
    fromAfar(prepared);
    prepared.handlers["apps.fetch"] = ({ token }) => {
      if (token === undefined) throw new PinokioError("login-needed", "It wants a login");
      return { job: null };
    };
  });
  await press();
  const field = await screen.findByLabelText("Token that may read the repository");
  expect(field.getAttribute("type")).toBe("password");
  fireEvent.change(field, { target: { value: "t0ken" } });
  screen.getByRole("button", { name: "Use it" }).click();
  await screen.findByRole("region", { name: "Install Hello" });
  expect(sidecar.asked("apps.fetch").map(({ token }) => token)).toEqual([undefined, "t0ken"]);
});

test("an installation that was cut off before its script ran can be resumed", async () => {
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ state: "install-failed" }));
    prepared.handlers["apps.resume"] = () => ({ appId: HELLO, runId: null, job: sampleJob() });
  });
  await openTab("My Library");
  (await screen.findByRole("button", { name: "Resume install" })).click();
  await waitFor(() => expect(sidecar.asked("apps.resume")).toEqual([{ appId: HELLO }]));
});

test("an app may be installed for a while; in the end its files are offered and the rest of it goes", async () => {
  const { sidecar } = showView((prepared) => {
    fromAfar(prepared);
    prepared.state.apps.push(sampleApp({ id: AppId.parse("brief"), title: "Brief", studio: true }));
    prepared.handlers["studio.files"] = () => ({
      files: [
        { path: "out/a.png", bytes: 2_000 },
        { path: "out/b.png", bytes: 1_000 },
      ],
      totalFiles: 2,
      totalBytes: 3_000,
      drive: [],
      token: { name: "GIT_TOKEN_GIT_EXAMPLE_TEST", host: "git.example.test" },
    });
    prepared.handlers["packages.cameWith"] = () => [sampleCame({ name: "helper", neededBy: ["brief"] })];
    prepared.handlers["studio.end"] = () => ({ job: sampleJob({ kind: "studio", appId: null }), keptIn: "/kept" });
  });
  await press();
  const sheet = within(await screen.findByRole("region", { name: "Install Hello" }));
  sheet.getByRole("button", { name: "For a while only" }).click();
  await waitFor(() => expect(sidecar.asked("apps.install")).toMatchObject([{ studio: true }]));

  await openTab("My Library");
  (await screen.findByRole("button", { name: "Brief" })).click();
  (await screen.findByRole("button", { name: "Keep what it made and remove it…" })).click();
  fireEvent.click(await screen.findByRole("checkbox", { name: /b\.png/ }));
  expect(screen.getByText(/^1 of 2 files it made are kept/)).toBeTruthy();
  expect(await screen.findByText(/^helper came with it, and nothing else needs it/)).toBeTruthy();
  expect(screen.getByText(/^GIT_TOKEN_GIT_EXAMPLE_TEST, the token for git\.example\.test, stays/)).toBeTruthy();
  screen.getByRole("button", { name: "Remove every trace" }).click();
  await waitFor(() =>
    expect(sidecar.asked("studio.end")).toEqual([{ appId: "brief", keep: ["out/a.png"], drive: [] }]),
  );
});

test("files of an app for a while that lie on the drive are offered, and their folder goes only where that is said", async () => {
  const folder = "drive/drives/peers/d1/ckpt";
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ id: AppId.parse("brief"), title: "Brief", studio: true }));
    const own = { madeFiles: 1, madeBytes: 2_000, usedBy: [], mayGo: true };
    prepared.handlers["studio.files"] = () => ({
      files: [
        { path: "models/m.bin", bytes: 2_000, drive: folder },
        { path: "out/b.png", bytes: 1_000 },
      ],
      ...{ totalFiles: 2, totalBytes: 3_000, token: null },
      drive: [
        { ...{ folder, files: 4, bytes: 9_000 }, ...own },
        { ...{ folder: "drive/loras", files: 1, bytes: 10 }, ...own, madeFiles: 0, usedBy: ["other"], mayGo: false },
      ],
    });
    prepared.handlers["studio.end"] = () => ({ job: sampleJob({ kind: "studio", appId: null }), keptIn: "/kept" });
  });
  await openTab("My Library");
  (await screen.findByRole("button", { name: "Brief" })).click();
  (await screen.findByRole("button", { name: "Keep what it made and remove it…" })).click();
  const model = await screen.findByRole("checkbox", { name: /m\.bin stays on the drive/ });
  expect(model).toHaveProperty("checked", false);
  expect(screen.getByText(/^1 of 2 files it made are kept/)).toBeTruthy();
  expect(screen.getByText("drive/loras is on the drive, and stays there: used by other.")).toBeTruthy();
  fireEvent.click(
    screen.getByRole("checkbox", { name: /^Remove drive\/drives\/peers\/d1\/ckpt from the drive too \(4 files/ }),
  );
  expect(screen.getByRole("checkbox", { name: /m\.bin/ })).toHaveProperty("checked", true);
  expect(screen.getByText(/^2 of 2 files it made are kept/)).toBeTruthy();
  screen.getByRole("button", { name: "Remove every trace" }).click();
  await waitFor(() => expect(sidecar.asked("studio.end")).toEqual([{ appId: "brief", keep: "all", drive: [folder] }]));
});
