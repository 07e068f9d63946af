// pm2 with a home of its own. It keeps no log within bounds by itself: that is a module, which looks every 30 s.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { GRACE_S } from "./our-supervisor.mjs";
import { endProcess } from "./processes.mjs";
import { fetchPm2 } from "./peer-packages.mjs";

const DRIVER = fileURLToPath(new URL("./pm2-driver.cjs", import.meta.url));

/** Null when it cannot be had. */
export async function openPm2(context, programs) {
  const found = await fetchPm2(context);
  if (found === null) return null;
  const place = mkdtempSync(join(context.folder, "pm2-"));
  const home = join(place, "home");
  const child = spawn(context.node, [DRIVER, found.folder], {
    cwd: place,
    env: { ...process.env, PM2_HOME: home, HOME: place },
    stdio: ["pipe", "ignore", "inherit", "pipe"],
  });
  const replies = createInterface({ input: child.stdio[3] });
  const ended = once(child, "exit").then(() => {
    throw new Error("pm2 ended.");
  });
  ended.catch(() => undefined);
  const reply = async () => {
    const [line] = await Promise.race([once(replies, "line"), ended]);
    const { error } = JSON.parse(line);
    if (error !== undefined) throw new Error(`pm2: ${error}`);
  };
  const ask = async (order) => {
    const answer = reply();
    child.stdin.write(`${JSON.stringify(order)}\n`);
    await answer;
  };
  await reply();
  const pid = Number(readFileSync(join(home, "pm2.pid"), "utf8"));
  const apps = programs.map(({ name, file }, number) => {
    const logs = join(place, `logs-${number}`);
    mkdirSync(logs);
    return {
      name,
      script: file,
      interpreter: "/bin/bash",
      autorestart: false,
      vizion: false,
      pmx: false,
      kill_timeout: GRACE_S * 1e3,
      out_file: join(logs, "output.log"),
      error_file: join(logs, "error.log"),
    };
  });
  return {
    name: `pm2 ${found.version}`,
    pids: [pid],
    start: () => ask({ what: "start", apps }),
    stop: () => ask({ what: "stop" }),
    logFolder: (number) => join(place, `logs-${number}`),
    isLog: (name) => name === "output.log",
    end: async () => {
      await ask({ what: "kill" }).catch(() => undefined);
      await endProcess(pid);
      await endProcess(child.pid);
      rmSync(place, { recursive: true, force: true });
    },
  };
}
