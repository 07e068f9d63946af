import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import { compactPackage } from "../../../src/runtime/catalog/search/compact-package.js";
import type { PackageHere } from "../../../src/runtime/protocol/packages.js";
import type { MemorySidecar } from "../../helpers/memory-sidecar.js";
import { sampleApp, samplePackage } from "../../helpers/samples.js";
import { closeViews, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const PICTURE = "data:image/png;base64,AAAA";

const CATALOG = [
  samplePackage({ id: "comfyui", name: "ComfyUI", category: "image", summary: "Nodes for pictures" }),
  samplePackage({ id: "applio", name: "Applio", category: "audio", summary: "Voices", icon: PICTURE }),
  samplePackage({ id: "whisper", name: "Whisper", category: "audio", tags: ["transcription"] }),
  ...Array.from({ length: 1_200 }, (_, at) => samplePackage({ id: `tool-${at}`, name: `Tool ${at}` })),
];

/** A sidecar that hands out its list; `installed` is what it says of the packages. */
function withList(sidecar: MemorySidecar, installed: Record<string, PackageHere> = {}): { edition: string } {
  const told = { edition: "1" };
  sidecar.catalog = [...CATALOG];
  sidecar.handlers["catalog.here"] = () => ({
    edition: told.edition,
    machine: { platform: "linux", gpu: null, diskFreeBytes: 41e9, programs: [] },
    installed,
    isEmpty: false,
  });
  sidecar.handlers["catalog.list"] = ({ after, most }) => ({
    edition: told.edition,
    size: sidecar.catalog.length,
    packages: sidecar.catalog.slice(after, after + most).map(compactPackage),
  });
  sidecar.handlers["catalog.pictures"] = ({ ids }) =>
    Object.fromEntries(ids.flatMap((id) => (id === "applio" ? [[id, PICTURE]] : [])));
  return told;
}

const field = () => screen.findByRole("searchbox", { name: "Search apps" });
const type = async (text: string) => fireEvent.input(await field(), { target: { value: text } });
const names = () => screen.queryAllByRole("article").map((article) => article.getAttribute("aria-label"));

/** The page has searched for itself once what only it finds is there: this sidecar knows no slips of the finger. */
async function listIsThere(): Promise<void> {
  await waitFor(
    async () => {
      await type("comfiui");
      expect(names()).toEqual(["ComfyUI"]);
    },
    { timeout: 20_000 },
  );
}

test("once the list is there, what is typed is found without asking, in the same turn", async () => {
  const { sidecar } = showView((prepared) => void withList(prepared));
  await listIsThere();
  expect(sidecar.asked("catalog.list").map(({ after }) => after)).toEqual([0, 500, 1_000]);
  await waitFor(() => expect(screen.getByRole("button", { name: /^Image/ }).textContent).toBe("Image 1"));

  const asked = sidecar.asked("catalog.search").length;
  const box = await field();
  fireEvent.input(box, { target: { value: "transcribe" } });
  await Promise.resolve(); // React draws what a key does before anything else
  expect(names()).toEqual(["Whisper"]);
  fireEvent.input(box, { target: { value: "" } });
  screen.getByRole("button", { name: "Audio 2" }).click();
  await waitFor(() => expect(names()).toEqual(["Applio", "Whisper"]));
  expect(sidecar.asked("catalog.search")).toHaveLength(asked);
});

test("without a connection the list is searched all the same", async () => {
  const { sidecar } = showView((prepared) => void withList(prepared));
  await listIsThere();
  sidecar.refusal = { code: "sidecar-stopped", message: "It was ended" };
  sidecar.drop("gone");
  await type("aplio");
  await waitFor(() => expect(names()).toEqual(["Applio"]));
});

test("a picture is asked for with the first card that shows it, once", async () => {
  const { sidecar } = showView((prepared) => void withList(prepared));
  await listIsThere();
  for (const text of ["applio", "whisper", "applio"]) {
    await type(text);
    await waitFor(() => expect(names()[0]?.toLowerCase()).toBe(text));
  }
  await waitFor(() => expect(screen.getByRole("article").querySelector("img")?.src).toBe(PICTURE));
  expect(sidecar.asked("catalog.pictures")).toEqual([{ ids: ["applio"] }]);
});

test("a list that has changed is fetched anew, the same one is not", async () => {
  let told = { edition: "" };
  const { sidecar } = showView((prepared) => void (told = withList(prepared)));
  await listIsThere();
  const fetched = () => sidecar.asked("catalog.list").length;
  const [before, looked] = [fetched(), sidecar.asked("catalog.here").length];
  sidecar.emit({ type: "catalog-changed", round: 1 });
  await waitFor(() => expect(sidecar.asked("catalog.here").length).toBeGreaterThan(looked));
  expect(fetched()).toBe(before);

  told.edition = "2";
  sidecar.catalog = [samplePackage({ id: "new", name: "Brand new" })];
  sidecar.emit({ type: "catalog-changed", round: 2 });
  await type("brnad");
  await waitFor(() => expect(names()).toEqual(["Brand new"]));
});

test("what is installed meanwhile is known, and an address is for the sidecar to know", async () => {
  const installed: Record<string, PackageHere> = {};
  const { sidecar } = showView((prepared) => void withList(prepared, installed));
  await listIsThere();
  const app = sampleApp({ title: "ComfyUI" });
  installed["comfyui"] = { app: app.id, favorite: false, lastUsedAt: null, history: {} };
  sidecar.emit({ type: "app-changed", app });
  const card = await screen.findByRole("article", { name: "ComfyUI" });
  expect(await within(card).findByText("Installed")).toBeTruthy();

  await type("github.com/ada/thing");
  await waitFor(() => expect(sidecar.asked("catalog.search").at(-1)?.text).toBe("github.com/ada/thing"));
});
