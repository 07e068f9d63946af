// Pinokio's own engine beside ours: driven for real where PINOKIOD names a folder with its source and node_modules,
// else quoted from what was once recorded.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { endProcess } from "./processes.mjs";

const DRIVER = fileURLToPath(new URL("./pinokiod-driver.cjs", import.meta.url));
const RECORDED = JSON.parse(readFileSync(new URL("./pinokiod-recorded.json", import.meta.url), "utf8"));

/** "pinokiod 8.0.40 2.8 ms (recorded)" for a table's last column; nothing when nothing was recorded. */
export const recorded = (what) =>
  RECORDED[what] === undefined ? "" : `pinokiod ${RECORDED.version} ${RECORDED[what]} (recorded)`;

/** Null unless PINOKIOD is set. */
export async function openPinokiod({ folder }) {
  const source = process.env.PINOKIOD;
  if (source === undefined || source === "") return null;
  const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const place = mkdtempSync(join(folder, "pinokiod-"));
  const home = join(place, "home");
  mkdirSync(join(home, "api"), { recursive: true });
  const child = spawn(process.env.PINOKIOD_NODE || process.execPath, [DRIVER, resolve(source), home], {
    cwd: place,
    // It keeps its settings in the user's home folder, and this must not be the person's.
    env: { ...process.env, HOME: place, PINOKIO_HOME: home },
    stdio: ["pipe", "ignore", "inherit", "pipe"],
  });
  const replies = createInterface({ input: child.stdio[3] });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`pinokiod ended with exit code ${code}.`);
  });
  ended.catch(() => undefined);
  const reply = async () => {
    const [line] = await Promise.race([once(replies, "line"), ended]);
    const { error, ...value } = JSON.parse(line);
    if (error !== undefined) throw new Error(`pinokiod: ${error}`);
    return value;
  };
  const ask = (order) => {
    const answer = reply();
    child.stdin.write(`${JSON.stringify(order)}\n`);
    return answer;
  };
  await reply(); // it is up
  return {
    name: `pinokiod ${version}`,
    home,
    run: async ({ file, takeMarks }) => ({ ...(await ask({ run: file })), marks: takeMarks() }),
    /** Milliseconds for rendering a step so many times. */
    render: (value, names, count) => ask({ render: value, names, count }),
    /** Milliseconds for the menu of each of these apps, one after the other. */
    menus: (apps) => ask({ menus: apps }),
    end: () => endProcess(child.pid),
  };
}
