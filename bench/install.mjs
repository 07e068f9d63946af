// What installing an app takes beside the same commands typed by hand.
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { BASH } from "./lib/bare-terminal.mjs";
import { openOurEngine } from "./lib/our-engine.mjs";
import { median, medianRatio } from "./lib/statistics.mjs";

export const name = "Install";

const FILES = 2_000;
const WAIT_MS = 60_000;
/** What installers do: an environment, and work in it that takes seconds. */
const COMMANDS = [
  "python3 -m venv env",
  ...Array.from({ length: 6 }, () => "env/bin/python -m compileall -q -f env/lib"),
  "python3 -m venv --without-pip second",
  "cp -r env third",
];

/** As many that take no time: what is left is what an install costs whatever it takes. */
const NOTHING = COMMANDS.map(() => "true");

export async function run(context) {
  const ours = await openOurEngine(context);
  try {
    const short = await compare(ours, { context, name: "short", commands: NOTHING, rounds: context.quick ? 3 : 15 });
    const whole = await compare(ours, { context, name: "whole", commands: COMMANDS, rounds: context.quick ? 1 : 8 });
    return rowsOf(short, whole);
  } finally {
    await ours.end();
  }
}

/**
 * What installs took, and the same by hand, each in turn. Whoever comes second would pay for what the first one has left
 * the disk to write, so the order changes and each begins with an idle disk; nothing is removed in between.
 */
async function compare(ours, { context, name, commands, rounds }) {
  const bare = makeRepository(join(context.folder, name), commands);
  const took = { ours: [], hand: [] };
  const ways = [
    async (round) =>
      took.hand.push(await timed(() => byHand(bare, join(ours.home, "by-hand", `${name}-${round}`), commands))),
    async (round) => took.ours.push(await timed(() => install(ours, `file://${bare}`, `${name}-${round}`))),
  ];
  await install(ours, `file://${bare}`, `${name}-first`); // the first one finds out about the machine
  for (let round = 0; round < rounds; round++) {
    for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
      execFileSync("sync");
      await way(round);
    }
  }
  return { own: median(took.ours), hand: median(took.hand), ratio: medianRatio(took.ours, took.hand) };
}

function rowsOf(short, { own, hand, ratio }) {
  return [
    {
      name: `install of ${FILES.toLocaleString("en")} files and ${COMMANDS.length} commands, over the same by hand`,
      value: Math.max(0, 100 * (ratio - 1)),
      unit: "%",
      aim: "≤ 3",
      peer: `git and bash ${Math.round(hand)} ms, ours ${Math.round(own)} ms`,
    },
    {
      name: "what an install takes more, whatever it takes",
      value: Math.max(0, short.own - short.hand),
      unit: "ms",
      peer: `the same with commands that take nothing: git and bash ${Math.round(short.hand)} ms`,
    },
  ];
}

async function install({ request }, source, name) {
  const { job } = await request("apps.fetch", { source });
  if (job !== null) await over(request, job);
  const { fingerprint } = await request("apps.inspect", { source });
  const begun = await request("apps.install", { source, name, agreed: fingerprint, unattended: true });
  await over(request, begun.job);
}

async function over(request, begun) {
  let job = begun;
  while (job.endedAt === null) job = await request("jobs.wait", { jobId: job.id, waitMs: WAIT_MS });
  if (job.state !== "done") throw new Error(`${job.title}: ${job.error?.message ?? job.state}`);
}

async function byHand(bare, folder, commands) {
  const script = [`git clone -q --filter=blob:none 'file://${bare}' '${folder}'`, `cd '${folder}'`, ...commands];
  await promisify(execFile)(BASH, ["-c", script.join(" && ")]);
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function makeRepository(folder, commands) {
  const bare = join(folder, "app.git");
  mkdirSync(bare, { recursive: true });
  const git = (...args) => execFileSync("git", args, { cwd: bare, stdio: ["pipe", "ignore", "ignore"] });
  git("init", "-q", "--bare", ".");
  const run = commands.map((message) => ({ method: "shell.run", params: { message } }));
  const files = { "pinokio.js": "module.exports = { title: 'Bench' }", "install.json": JSON.stringify({ run }) };
  const text = (value) => `data ${Buffer.byteLength(value)}\n${value}\n`;
  const lines = [`commit refs/heads/main\ncommitter A <a@b> 0 +0000\n${text("m")}`];
  for (const [file, value] of Object.entries(files)) lines.push(`M 100644 inline ${file}\n${text(value)}`);
  for (let at = 0; at < FILES; at++)
    lines.push(`M 100644 inline d${at % 40}/f${at}.txt\n${text(`${at}\n`.repeat(500))}`);
  const input = join(folder, "import");
  writeFileSync(input, lines.join(""));
  execFileSync(BASH, ["-c", `git fast-import --quiet < '${input}'`], { cwd: bare });
  git("symbolic-ref", "HEAD", "refs/heads/main");
  return bare;
}
