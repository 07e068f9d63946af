// A real application, from the package index to an answered page and back: what is fetched comes through npm.
// The one that comes through uv is tests/e2e/far-away.test.ts.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { outputParts } from "../../../src/runtime/base/output-parts.js";
import { screenText } from "../../../src/runtime/base/plain-text.js";
import { startTimeOf } from "../../../src/runtime/base/processes.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { type AppHome, appHome } from "../../helpers/app-home.js";
import type { Answer } from "../../helpers/command-line.js";

const EXAMPLES = new URL("../../../examples/", import.meta.url).pathname;
const LIMIT_MS = 150_000;
const TEST_MS = 240_000;

/** What the run that was started last has printed, its end. */
function lastOutput({ home }: AppHome): string {
  const runs = join(home.path, "runs");
  const last = readdirSync(runs).sort().at(-1) ?? "";
  const parts = outputParts(join(runs, last, "output.log"));
  return screenText(parts.map(({ path }) => readFileSync(path, "utf8")).join("")).slice(-3_000);
}

/** Fails with what was printed: packages come from elsewhere, and elsewhere may be slow or away. */
async function within(app: AppHome, what: string, work: Promise<Answer>): Promise<Answer> {
  const late = delay(LIMIT_MS, null, { ref: false });
  const answer = await Promise.race([work, late]);
  const why =
    answer === null
      ? `was not over after ${LIMIT_MS / 1_000} s; the package index may be slow or out of reach`
      : `ended with code ${answer.code}: ${answer.err.trim()}`;
  if (answer?.code !== 0) throw new Error(`${what} ${why}. It printed at last:\n${lastOutput(app)}`);
  return answer;
}

const install = (app: AppHome, name: string) =>
  within(app, `Installing ${name}`, app.run("install", join(EXAMPLES, name), "--yes"));

const run = (app: AppHome, script: string) => within(app, `Running ${script}`, app.run("run", ...script.split("/")));

const textAt = async (url: string): Promise<string> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response.text();
};

/** The address that the app told, once its page has been seen to answer there. */
async function open(app: AppHome, script: string): Promise<string> {
  const { ready, local } = await app.status(script);
  const url = String(local?.["url"]);
  expect({ ready, url }).toEqual({ ready: true, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
  return url;
}

/** Stops it as a person does, and believes nothing: its processes are gone and nobody listens any more. */
async function stopAndProve(app: AppHome, name: string, url: string): Promise<void> {
  const programs = app.home
    .processes()
    .filter((pid) => /vite|npm/.test(commandOf(pid)))
    .map((pid) => ({ pid, startTime: startTimeOf(pid) ?? "" }));
  expect(programs.length).toBeGreaterThan(0);
  const { stopped } = (await app.run("stop", name, "--json")).json as { stopped?: Run[] };
  expect(stopped?.map(({ ending }) => [ending?.left, ending?.portsOpen])).toEqual([[0, []]]);
  expect(programs.filter(({ pid, startTime }) => startTimeOf(pid) === startTime)).toEqual([]);
  await expect(fetch(url)).rejects.toThrow();
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

test(
  "a page served by Vite is installed with npm, started, opened, stopped, and is there at once when installed again",
  async () => {
    await using app = appHome();
    await install(app, "vite-notes");
    await run(app, "vite-notes/start.js");
    const url = await open(app, "vite-notes/start.js");
    expect(await textAt(url)).toContain("<title>Vite Notes</title>");
    // Vite has put its own client into the page, and passes on the module.
    expect(await textAt(`${url}/src/notes.js`)).toContain("localStorage");
    expect(await textAt(`${url}/@vite/client`)).toContain("HMR");
    await stopAndProve(app, "vite-notes", url);

    await run(app, "vite-notes/install.js");
    expect(lastOutput(app)).toMatch(/up to date/);
  },
  TEST_MS,
);
