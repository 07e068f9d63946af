import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { execa } from "execa";
import { BUNDLES } from "../helpers/command-line.js";

const RUN = new URL("./run.mjs", import.meta.url).pathname;

/** All cases took 140 s on two cores. */
const LIMIT_MS = 15 * 60_000;

interface Report {
  passed: number;
  failed: number;
  cases: { id: string; ok: boolean }[];
}

async function runCases(...more: string[]): Promise<{ output: string; report: Report }> {
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  const node = process.env["PINOKIOCLOUD_NODE"] ?? process.execPath;
  try {
    const { all } = await execa(node, [RUN, "--json", join(folder, "report.json"), ...more], {
      env: { ENGINE: `"${node}" "${join(BUNDLES, "cli.mjs")}"`, PINOKIOCLOUD_NODE: node, NODE_OPTIONS: "" },
      all: true,
      reject: false,
      stdin: "ignore",
    });
    return { output: all, report: JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as Report };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("the comparator accepts what Pinokio did, and notices every change of it", async () => {
  const replayed = await runCases("--replay");
  expect(replayed.output).not.toContain("FAIL");
  expect(replayed.report.passed).toBeGreaterThan(100);
  const changed = await runCases("--mutate");
  expect(changed.output).not.toContain("FAIL");
});

test(
  "every script runs as it does in Pinokio",
  async () => {
    const { output, report } = await runCases("--jobs", "2");
    const failed = report.cases.filter(({ ok }) => !ok).map(({ id }) => id);
    expect({ failed, output: failed.length === 0 ? "" : output }).toEqual({ failed: [], output: "" });
    expect(report.passed).toBe(185);
  },
  LIMIT_MS,
);
