import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import { afterEach, expect, test } from "@jest/globals";
import { AppId, JobId } from "../../../src/runtime/protocol/ids.js";
import type { DuplicateSet, Model } from "../../../src/runtime/protocol/models.js";
import { sampleApp } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const GB = 1024 ** 3;
const painter = AppId.parse("painter");

const model = (change: Partial<Model>): Model => ({
  ...{ id: "drive/vae/x.safetensors", name: "x.safetensors", family: "vae", format: "safetensors", files: 1 },
  ...{ bytes: GB, alsoAt: [], users: [], isShared: false, duplicates: [] },
  ...change,
});

const set: DuplicateSet = {
  ...{ id: "d1", bytes: GB, extraBytes: GB, isCompared: false },
  copies: [
    { path: "drive/vae/x.safetensors", users: [] },
    { path: "api/painter/vae/x.safetensors", users: [painter] },
  ],
};

function show(models: Model[], duplicates: DuplicateSet[] = []) {
  return showView((sidecar) => {
    sidecar.state = { ...sidecar.state, apps: [sampleApp({ id: painter, title: "Painter" })] };
    sidecar.handlers["models.list"] = () => ({
      ...{ models, duplicates, isCut: false },
      families: (["loras", "vae", "llm"] as const).flatMap((family) => {
        const own = models.filter((one) => one.family === family);
        const bytes = own.reduce((sum, one) => sum + one.bytes, 0);
        return own.length === 0 ? [] : [{ family, models: own.length, bytes }];
      }),
    });
  });
}

test("models are listed by family with size, place and who uses each", async () => {
  show([
    model({ users: [painter] }),
    model({
      id: "cache/HF_HOME/hub/models--o--r",
      name: "o/r",
      family: "llm",
      isShared: true,
      files: 3,
      bytes: 2 * GB,
    }),
    model({ id: "drive/loras/a.safetensors", name: "a.safetensors", family: "loras" }),
  ]);
  await openTab("Shared Resources");
  const section = await screen.findByRole("region", { name: "Models" });
  const mine = await within(section).findByRole("article", { name: "x.safetensors" });
  expect(mine.textContent).toContain("Used by Painter · safetensors");
  expect(within(mine).getByRole("list", { name: "Places" }).textContent).toBe("drive/vae");
  expect(within(section).getByRole("article", { name: "o/r" }).textContent).toContain(
    "In a cache that any app may use",
  );
  expect(within(section).getByRole("article", { name: "a.safetensors" }).textContent).toContain(
    "No app has a link to it",
  );
  expect([...section.querySelectorAll("summary")].map(({ textContent }) => textContent)).toEqual([
    ...["LoRA11 GB", "VAE11 GB", "Language models12 GB"],
  ]);
});

test("copies are told with their places, compared when asked, and lead to what frees them", async () => {
  const { sidecar } = show([model({ duplicates: ["d1"] })], [set]);
  sidecar.handlers["models.compare"] = () => ({
    job: {
      ...{
        id: JobId.parse("job_000000000001"),
        kind: "compare-models",
        appId: null,
        title: "Compare copies of models",
      },
      ...{ state: "working", phase: "compare", progress: null, step: null, runId: null, endedAt: null },
      ...{ startedAt: new Date().toISOString(), expectedMs: null, error: null, canCancel: true },
    },
  });
  await openTab("Shared Resources");
  const section = await screen.findByRole("region", { name: "Models" });
  await within(section).findByText("What seem to be copies take 1 GB more than they have to.");
  expect(section.textContent).toContain("Seems to be the same: api/painter/vae/x.safetensors");
  within(section).getByRole("button", { name: "Compare them" }).click();
  await waitFor(() => expect(sidecar.asked("models.compare")).toEqual([{}]));
  within(section).getByRole("button", { name: "Free up space" }).click();
  const panel = await screen.findByRole("region", { name: "Free up space" });
  await waitFor(() => expect(document.activeElement).toBe(panel));
});

test("many models are folded by family, and found by name", async () => {
  show(
    Array.from({ length: 30 }, (_, at) => model({ id: `drive/vae/m${at}.safetensors`, name: `m${at}.safetensors` })),
  );
  await openTab("Shared Resources");
  const section = await screen.findByRole("region", { name: "Models" });
  const field = await within(section).findByRole("searchbox", { name: "Find a model" });
  const [family] = section.querySelectorAll("details");
  expect(family?.open).toBe(false);
  expect(within(section).getAllByRole("article", { hidden: true })).toHaveLength(20);
  fireEvent.input(field, { target: { value: "m29" } });
  await waitFor(() => expect(section.querySelector("details")?.open).toBe(true));
  expect(within(section).getAllByRole("article")).toHaveLength(1);
  fireEvent.input(field, { target: { value: "nothing so" } });
  await within(section).findByText("No model has that in its name");
});

test("a home without models says where they come from", async () => {
  show([]);
  await openTab("Shared Resources");
  await screen.findByText("No models yet");
});
