import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor } from "@testing-library/dom";
import { AppId } from "../../src/runtime/protocol/ids.js";
import { createNavigation, type Target } from "../../src/widgets/navigation.js";
import { sampleApp, sampleRun } from "../helpers/samples.js";
import { closeViews, showView } from "../helpers/show-view.js";

afterEach(closeViews);

const APP = AppId.parse("hello");

test.each<[string, Omit<Target, "runId">, string]>([
  ["the settings of an app", { appId: APP, section: "settings" }, "Configure"],
  ["the files of an app", { appId: APP, section: "files" }, "Files"],
  ["what can be freed", { appId: null, tabId: "shared-resources", section: "free-space" }, "Free up space"],
  ["the report", { appId: null, tabId: "system", section: "report" }, "Report"],
])("from outside one is led to %s: it is open and has the focus", async (_, target, name) => {
  const navigation = createNavigation();
  showView((prepared) => void prepared.state.apps.push(sampleApp()), undefined, { navigation });
  await screen.findByText("The catalog is empty");
  navigation.show({ runId: null, ...target });
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe(name));
});

test("who asks for the log of an app leaves the sheet that was open on its page, and is at its run", async () => {
  const navigation = createNavigation();
  const run = sampleRun({ state: "ready" });
  showView(
    (prepared) => {
      prepared.state.apps.push(sampleApp({ runs: [run.id] }));
      prepared.state.runs.push(run);
    },
    undefined,
    { navigation },
  );
  await screen.findByText("The catalog is empty");
  navigation.show({ appId: APP, runId: null, change: "reset" });
  await screen.findByRole("region", { name: "Reset Hello" });
  navigation.show({ appId: APP, runId: run.id, part: "output" });
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("start.json"));
  expect(screen.queryByRole("region", { name: "Reset Hello" })).toBeNull();
  expect(screen.getByRole("button", { name: "Output" }).getAttribute("aria-pressed")).toBe("true");
});

test("a sheet that is drawn anew has the focus where it leaves everything as it is", async () => {
  const navigation = createNavigation();
  const { sidecar } = showView((prepared) => void prepared.state.apps.push(sampleApp()), undefined, { navigation });
  sidecar.handlers["apps.resetPreview"] = () => ({
    title: "Hello",
    appId: APP,
    bytes: 1,
    sharedBytes: 0,
    goes: [],
    stays: [{ label: "Your files", bytes: 1, files: 1, examples: [] }],
    staysBytes: 1,
    stops: [],
    neededBy: [],
    notes: [],
    installer: null,
    token: null,
  });
  await screen.findByText("The catalog is empty");
  for (let times = 0; times < 2; times++) {
    navigation.show({ appId: APP, runId: null, change: "reset" });
    await screen.findByRole("button", { name: /^Reset Hello \(/ });
    await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
  }
});
