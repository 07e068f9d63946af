import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor } from "@testing-library/dom";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const cells = () => screen.getAllByRole("row").map((row) => [...row.children].map(({ textContent }) => textContent));

test("the disk is told by kind, and what is left over", async () => {
  showView();
  await openTab("Shared Resources");
  await screen.findByText("Free");
  expect(cells()).toEqual([
    ["Apps", "3 GB"],
    ["Environments", "6 GB"],
    ["Everything else", "50 GB"],
    ["Free", "41 GB"],
  ]);
});

test("refreshing asks again, and a failure does not take what was known", async () => {
  const { sidecar } = showView();
  await openTab("Shared Resources");
  await screen.findByText("Free");
  sidecar.handlers["storage.use"] = () => {
    throw new PinokioError("timeout", "Adding up took longer than a minute");
  };
  screen.getByRole("button", { name: "Refresh" }).click();
  expect(await screen.findByText("Adding up took longer than a minute")).toBeTruthy();
  expect(screen.getByText("Free")).toBeTruthy();
  await waitFor(() => expect(sidecar.asked("storage.use")).toHaveLength(2));
});
