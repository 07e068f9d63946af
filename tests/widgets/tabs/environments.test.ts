import { screen, within } from "@testing-library/dom";
import { afterEach, expect, test } from "@jest/globals";
import type { Environment, InstalledPackage } from "../../../src/runtime/protocol/environments.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import type { MemorySidecar } from "../../helpers/memory-sidecar.js";
import { sampleApp } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const painter = AppId.parse("painter");

const environment = (change: Partial<Environment> = {}): Environment => ({
  id: "api/painter/env",
  path: "/home/api/painter/env",
  kind: "venv",
  python: "3.10.14",
  packages: 2,
  tools: [],
  problems: [],
  bytes: 1024 ** 3,
  sharedBytes: 0,
  app: painter,
  users: [painter],
  holds: [],
  ...change,
});

const shared = environment({ id: "envs/tools", app: null, users: [], holds: ["tools/greet"], bytes: null });

function prepare(sidecar: MemorySidecar, environments: Environment[], list: InstalledPackage[] = []): void {
  sidecar.state = { ...sidecar.state, apps: [sampleApp({ id: painter, title: "Painter" })] };
  sidecar.handlers["environments.list"] = ({ app }) => ({
    environments: environments.filter(({ users }) => app === undefined || users.includes(app)),
    active: sidecar.state.environments.active,
  });
  sidecar.handlers["environments.show"] = ({ id }) => ({
    ...(environments.find((one) => one.id === id) ?? environment()),
    list,
  });
  sidecar.handlers["environments.select"] = ({ id }) => {
    sidecar.emit({ type: "environments-changed", environments: { changes: 1, active: id } });
    return { environments, active: id };
  };
}

test("each environment tells its Python, its packages, its size and who uses it; the broken one why", async () => {
  showView((sidecar) =>
    prepare(sidecar, [
      environment({ tools: [{ name: "torch", version: "2.4.0" }], problems: ["Its Python is gone: /nowhere/python"] }),
      shared,
    ]),
  );
  await openTab("Shared Resources");
  const [own, tools] = within(await screen.findByRole("list", { name: "Environments" })).getAllByRole("listitem");
  expect(own?.textContent).toContain("painter/env");
  expect(own?.textContent).toContain("1 GB");
  expect(own?.textContent).toContain("Python 3.10.14 · 2 packages");
  expect(own?.textContent).toContain("torch 2.4.0");
  expect(own?.textContent).toContain("Used by Painter");
  expect(own?.textContent).toContain("Its Python is gone: /nowhere/python");
  expect(tools?.textContent).toContain("adding up …");
  expect(tools?.textContent).toContain("Holds tools/greet");
});

test("the active environment is chosen among those that work, and everybody sees it", async () => {
  const { sidecar } = showView((one) =>
    prepare(one, [environment({ problems: ["broken"] }), shared, environment({ id: "n/node_modules", kind: "node" })]),
  );
  await openTab("Shared Resources");
  const choice = await screen.findByRole<HTMLSelectElement>("combobox", { name: "Active environment" });
  expect([...choice.options].map(({ text }) => text)).toEqual(["Each package its own", "envs/tools"]);
  choice.value = "envs/tools";
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  await screen.findByText("active");
  expect(sidecar.asked("environments.select")).toEqual([{ id: "envs/tools" }]);
});

test("the packages of one are shown when asked for, the largest first", async () => {
  showView((sidecar) =>
    prepare(
      sidecar,
      [environment()],
      [
        { name: "small", version: "1.0", bytes: 2_000, from: null },
        { name: "torch", version: "2.4.0", bytes: 2 * 1024 ** 3, from: null },
      ],
    ),
  );
  await openTab("Shared Resources");
  (await screen.findByRole("button", { name: "Show packages" })).click();
  const rows = within(await screen.findByRole("table", { name: "Packages of api/painter/env" })).getAllByRole("row");
  expect(rows.map(({ textContent }) => textContent)).toEqual(["torch2.4.02 GB", "small1.02 KB"]);
});

test("an app's page shows the environments it works with, by their names in its folder", async () => {
  const { sidecar } = showView((one) => prepare(one, [environment(), shared]));
  await openTab("My Library");
  (await screen.findByRole("button", { name: "Painter" })).click();
  const section = await screen.findByRole("region", { name: "Environment" });
  await within(section).findByText("env");
  expect(section.textContent).not.toContain("envs/tools");
  expect(sidecar.asked("environments.list")).toContainEqual({ app: "painter" });
});
