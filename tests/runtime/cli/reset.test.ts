import { Command } from "commander";
import { expect, test } from "@jest/globals";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import { addReset, addUninstall } from "../../../src/runtime/cli/commands/uninstall.js";
import type { Session } from "../../../src/runtime/cli/session.js";
import { sampleCame, sampleJob } from "../../helpers/samples.js";

/** What a command that removes an app prints, where the sidecar answers so. */
async function printed(argv: readonly string[], replies: Record<string, unknown>): Promise<string[]> {
  const lines: string[] = [];
  const client = { request: (name: string) => Promise.resolve(replies[name]) } as unknown as SidecarClient;
  const session: Session = {
    place: { home: "/", bundles: "/", env: {} },
    json: false,
    client: () => Promise.resolve(client),
    lastingClient: () => client,
    print: (text) => void lines.push(text),
    note: () => undefined,
    close: () => undefined,
  };
  const program = new Command();
  for (const add of [addReset, addUninstall]) add(program, async (work) => void (await work(session)));
  await program.parseAsync([...argv], { from: "user" });
  return lines;
}

test("a reset that failed says how it is taken back only where there is something to take back", async () => {
  const error = { code: "tool-missing" as const, message: "The program git was not found" };
  const failed = (entries: readonly unknown[]) =>
    printed(["reset", "app", "--yes"], {
      "apps.resetPreview": { title: "App" },
      "apps.reset": { job: sampleJob({ state: "failed", error }), entry: "one" },
      "trash.list": entries,
    });
  expect(await failed([])).toEqual([]);
  expect(await failed([{ name: "one", said: [] }])).toEqual(["Take it back with: pinokiocloud trash restore one"]);
});

test("what came only since an app needs it is named before the app goes and after it, with what removes it", async () => {
  const nothing = {
    bytes: 0,
    sharedBytes: 0,
    staysBytes: 0,
    goes: [],
    stays: [],
    notes: [],
    stops: [],
    neededBy: [],
    token: null,
  };
  const replies = {
    "apps.uninstallPreview": { title: "App", ...nothing },
    "packages.cameWith": [sampleCame()],
    "apps.uninstall": { job: sampleJob({ state: "done" }), entry: "one" },
    "trash.list": [],
  };
  const stays =
    "Mid (app) came with it, nothing else needs it, and it stays. Remove it with: pinokiocloud package remove index/mid";
  expect((await printed(["uninstall", "app", "--look"], replies)).join("\n")).toContain(`emptied\n${stays}`);
  expect(await printed(["uninstall", "app", "--yes"], replies)).toEqual(["Uninstalled App", stays]);
});
