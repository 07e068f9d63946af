import { afterEach, expect, jest, test } from "@jest/globals";
import { screen } from "@testing-library/dom";
import { createRoot } from "react-dom/client";
import { createSidecarClient } from "../../src/runtime/client/sidecar-client.js";
import { browserTimers } from "../../src/widgets/browser-timers.js";
import { FrameView } from "../../src/widgets/frame.js";
import type { Tab } from "../../src/widgets/tabs/tab.js";
import { untranslated } from "../../src/widgets/view.js";
import { MemorySidecar } from "../helpers/memory-sidecar.js";

afterEach(() => {
  jest.restoreAllMocks();
});

test("a view that throws says so in its place, and the others live on", async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined); // React reports what is caught here
  let broken = true;
  const Broken = () => {
    if (broken) throw new Error("no such thing");
    return <p>Mended</p>;
  };
  const tabs: Tab[] = [
    { id: "broken", label: "Broken", icon: "error", View: Broken },
    { id: "sound", label: "Sound", icon: "info", View: () => <p>All is well</p> },
  ];
  const client = createSidecarClient({
    transport: new MemorySidecar().transport,
    timers: browserTimers,
    client: { name: "test", version: "0" },
  });
  const element = document.body.appendChild(document.createElement("div"));
  const root = createRoot(element);
  const signal = new AbortController().signal;
  root.render(<FrameView host={{ client, t: untranslated, openUrl: () => Promise.resolve(), signal }} tabs={tabs} />);

  expect(await screen.findByText("This view has an error: no such thing")).toBeTruthy();
  screen.getByRole("tab", { name: "Sound" }).click();
  expect(await screen.findByText("All is well")).toBeTruthy();

  screen.getByRole("tab", { name: "Broken" }).click();
  const again = await screen.findByRole("button", { name: "Show it again" });
  broken = false;
  again.click();
  expect(await screen.findByText("Mended")).toBeTruthy();

  root.unmount();
  client.close();
});
