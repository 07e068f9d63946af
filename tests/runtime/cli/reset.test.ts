import { Command } from "commander";
import { expect, test } from "@jest/globals";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import { addReset } from "../../../src/runtime/cli/commands/uninstall.js";
import type { Session } from "../../../src/runtime/cli/session.js";
import { sampleJob } from "../../helpers/samples.js";

/** What `reset app --yes` prints when its job failed and these entries are in the trash. */
async function printed(entries: readonly { name: string; said: string[] }[]): Promise<string[]> {
  const error = { code: "tool-missing" as const, message: "The program git was not found" };
  const replies: Record<string, unknown> = {
    "apps.resetPreview": { title: "App" },
    "apps.reset": { job: sampleJob({ state: "failed", error }), entry: "one" },
    "trash.list": entries,
  };
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
  addReset(program, async (work) => void (await work(session)));
  await program.parseAsync(["reset", "app", "--yes"], { from: "user" });
  return lines;
}

test("a reset that failed says how it is taken back only where there is something to take back", async () => {
  expect(await printed([])).toEqual([]);
  expect(await printed([{ name: "one", said: [] }])).toEqual(["Take it back with: pinokiocloud trash restore one"]);
});
