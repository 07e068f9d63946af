// supervisord with its log rotation set to ours, told to end whole process groups, asked over its own socket.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GRACE_S } from "./our-supervisor.mjs";
import { fetchSupervisord } from "./peer-packages.mjs";
import { endProcess } from "./processes.mjs";

const START_LIMIT_MS = 20_000;

/** Null when it cannot be had. */
export async function openSupervisord(context, programs) {
  const found = await fetchSupervisord(context);
  if (found === null) return null;
  const place = mkdtempSync(join(context.folder, "supervisord-"));
  const socket = join(place, "s.sock");
  const configuration = join(place, "supervisord.conf");
  writeFileSync(configuration, configurationOf(place, socket, programs));
  const child = spawn(join(found.folder, "python"), [join(found.folder, "supervisord"), "-n", "-c", configuration], {
    cwd: place,
    stdio: ["ignore", "ignore", "ignore"],
  });
  const ask = (method, wait) => call(socket, `supervisor.${method}`, wait);
  for (const end = performance.now() + START_LIMIT_MS; !existsSync(socket); await sleep(20)) {
    if (child.exitCode !== null || performance.now() > end) throw new Error("supervisord did not start.");
  }
  return {
    name: `supervisord ${found.version}`,
    pids: [child.pid],
    start: () => ask("startAllProcesses", false),
    stop: () => ask("stopAllProcesses", true),
    logFolder: (number) => join(place, `logs-${number}`),
    isLog: (name) => name.startsWith("output.log"),
    end: async () => {
      await endProcess(child.pid);
      rmSync(place, { recursive: true, force: true });
    },
  };
}

function configurationOf(place, socket, programs) {
  const own = [
    "[supervisord]",
    `logfile=${join(place, "supervisord.log")}`,
    `pidfile=${join(place, "supervisord.pid")}`,
    "[unix_http_server]",
    `file=${socket}`,
    "[rpcinterface:supervisor]",
    "supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface",
  ];
  const theirs = programs.flatMap(({ name, file }, number) => {
    const logs = join(place, `logs-${number}`);
    mkdirSync(logs);
    return [
      `[program:${name}]`,
      `command=/bin/bash ${file}`,
      "autostart=false",
      "autorestart=false",
      "stopasgroup=true",
      "killasgroup=true",
      `stopwaitsecs=${GRACE_S}`,
      "redirect_stderr=true",
      `stdout_logfile=${join(logs, "output.log")}`,
      "stdout_logfile_maxbytes=32MB",
      "stdout_logfile_backups=8",
    ];
  });
  return `${[...own, ...theirs].join("\n")}\n`;
}

/** XML-RPC with one truth value. */
function call(socketPath, method, wait) {
  const parameter = `<param><value><boolean>${wait ? 1 : 0}</boolean></value></param>`;
  const body = `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${parameter}</params></methodCall>`;
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "text/xml", "content-length": Buffer.byteLength(body) };
    const asked = request({ socketPath, path: "/RPC2", method: "POST", headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (piece) => (text += piece));
      answer.on("end", () => (text.includes("<fault>") ? reject(new Error(`supervisord: ${text}`)) : resolve()));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}
