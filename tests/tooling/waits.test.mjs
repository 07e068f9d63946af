import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { root } from "../../scripts/lib/paths.mjs";

const SOURCES = join(root, "src/runtime");

/** Where the time of day is meant: it is written down, shown, or compared with what was written down. */
const MAY_ASK_THE_TIME = [
  "cli/commands/status.ts",
  "cli/commands/trash.ts",
  "cli/session.ts",
  "environments/one-at-a-time.ts",
  "environments/python-downloads.ts",
  "library/files/own-places.ts",
  "methods/drive-links.ts",
  "resources/run-groups.ts",
  "resources/usage.ts",
  "runner/other-scripts.ts",
  "runner/step-record.ts",
  "server/connection.ts",
  "server/tell-limit.ts",
  "sidecar/appointments.ts",
  "sidecar/changes.ts",
  "sidecar/door.ts",
  "sidecar/durations.ts",
  "sidecar/failures.ts",
  "sidecar/freeing.ts",
  "sidecar/records.ts",
  "sidecar/restarts.ts",
  "sidecar/shelf.ts",
  "storage/home-lock.ts",
  "supervisor/shared-requests.ts",
];

test("nothing waits by the time of day, which somebody may set: waits are measured with performance.now()", () => {
  const files = readdirSync(SOURCES, { recursive: true }).filter((file) => file.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(200);
  const asking = files.filter((file) => /\bDate\.now\b/.test(readFileSync(join(SOURCES, file), "utf8")));
  expect(asking.filter((file) => !MAY_ASK_THE_TIME.includes(file))).toEqual([]);
});
