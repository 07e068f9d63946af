import { screen } from "@testing-library/dom";
import { afterEach, expect, test } from "@jest/globals";
import { closeViews, openTab, showView } from "../helpers/show-view.js";

afterEach(closeViews);

const REASON = "This home's disk takes no links: apps share nothing and keep copies.";

test("minimal mode is said with its reason, and stays away once it was put away, until the reason changes", async () => {
  const { sidecar } = showView((one) => (one.state = { ...one.state, mode: "minimal", modeReason: REASON }));
  await screen.findByText(`Minimal mode. ${REASON}`);
  screen.getByRole("button", { name: "Dismiss" }).click();
  await openTab("Running");
  expect(screen.queryByText(`Minimal mode. ${REASON}`)).toBeNull();
  sidecar.emit({ type: "mode-changed", mode: "minimal", modeReason: "Little space is left (200 MB)." });
  await screen.findByText("Minimal mode. Little space is left (200 MB).");
  sidecar.emit({ type: "mode-changed", mode: "full", modeReason: null });
  await openTab("Discover");
  expect(screen.queryByText(/Minimal mode/)).toBeNull();
});

test("the system tab says which mode it is, and why", async () => {
  showView((one) => (one.status = { ...one.status, mode: "minimal", modeReason: REASON }));
  await openTab("System");
  await screen.findByText(`Minimal: ${REASON}`);
});
