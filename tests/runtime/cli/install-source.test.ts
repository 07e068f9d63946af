import { expect, test } from "@jest/globals";
import { exitCodeOfError } from "../../../src/runtime/cli/exit-codes.js";
import { inspectSource } from "../../../src/runtime/cli/install-source.js";
import type { Session } from "../../../src/runtime/cli/session.js";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import { toWireError, type WireError } from "../../../src/runtime/protocol/errors.js";
import type { Job } from "../../../src/runtime/protocol/jobs.js";

test("fetching that a person ends reads as cancelled, and fetching that fails as failed", async () => {
  const error: WireError = { code: "network-failed", message: "git.example.test could not be reached" };
  expect(await codeOf({ state: "cancelled", error: null })).toBe(3);
  expect(await codeOf({ state: "failed", error })).toBe(1);
});

/** The exit code of an install whose fetching ended so. */
async function codeOf(end: Pick<Job, "state" | "error">): Promise<number> {
  const request = () =>
    Promise.resolve({ job: { id: "j1", title: "Fetch alpha", phase: "fetch", progress: null, runId: null, ...end } });
  const session = { json: true, note: () => undefined } as unknown as Session;
  const client = { request } as unknown as SidecarClient;
  try {
    await inspectSource(session, client, "https://git.example.test/alpha.git", {});
  } catch (thrown) {
    return exitCodeOfError(toWireError(thrown));
  }
  throw new Error("It went on");
}
