// What a step of a script costs, beside what it costs to do the same with less.
import { execFileSync } from "node:child_process";
import { BASH, bareTerminals, spawnBare } from "./lib/bare-terminal.mjs";
import { MARK, placeScript, step, times } from "./lib/marked-scripts.mjs";
import { openOurEngine } from "./lib/our-engine.mjs";
import { openPinokiod, recorded } from "./lib/pinokiod.mjs";
import { loadRenderer } from "./lib/render.mjs";
import { describePeer, joinPeers, median } from "./lib/statistics.mjs";

export const name = "Script engine: steps";

const STEPS = 10_000;
const LOOP_STEPS = 100_000;
const SHELL_STEPS = 40;
const RENDERINGS = 20_000;

const LOG = step("log", { text: "step {{current}}" });
const SET = step("local.set", { n: "{{current}}" });
// Without its own conda, which is not there, pinokiod would run nothing.
const SHELL = step("shell.run", { message: "true", conda: { skip: true } });

/** As scripts write it: five templates, one of them between other text. */
const RENDERED = {
  method: "shell.run",
  params: {
    message: "python app.py --port {{port}} {{args.lowvram ? '--lowvram' : ''}}",
    env: { PORT: "{{port}}", MODEL: "{{local.model}}" },
    path: "{{cwd}}",
  },
};
const TEMPLATES = 5;
const NAMES = { port: 7860, args: { lowvram: true }, local: { model: "large" }, cwd: "/home/api/app" };

/** pinokiod needs milliseconds where we need microseconds, so it does fewer. */
const OF_PINOKIOD = { log: 300, set: 100, shell: 3, renderings: 2_000 };

export async function run(context) {
  const rounds = context.quick ? 1 : 7;
  const terminal = bareTerminals(context);
  const render = await loadRenderer(context);
  const ours = await openOurEngine(context);
  const pinokiod = await openPinokiod(context).catch(async (error) => {
    await ours.end();
    throw error;
  });
  const scriptsIn = (home, { log, set, shell }) => ({
    log: placeScript(home, "log", [MARK, times(log, LOG), MARK]),
    set: placeScript(home, "set", [MARK, times(set, SET), MARK]),
    shell: placeScript(home, "shell", [MARK, times(shell, SHELL), MARK]),
  });
  try {
    const own = scriptsIn(ours.home, { log: STEPS, set: STEPS, shell: SHELL_STEPS });
    const loop = placeLoop(ours.home);
    const other = pinokiod === null ? null : scriptsIn(pinokiod.home, OF_PINOKIOD);
    const took = columns(["log", "set", "shell", "render", "whole", "growth", "slope", "bash", "bare", "pty"]);
    const theirs = columns(["log", "set", "shell", "render", "growth"]);
    for (let round = 0; round < rounds; round++) {
      const log = await ours.run(own.log);
      took.log.push(perStep(log.marks, STEPS) * 1e3);
      took.whole.push(log.wholeMs);
      took.growth.push(log.marks[1].rss - log.marks[0].rss);
      const [, warm, late] = (await ours.run(loop)).marks;
      took.slope.push(((late.rss - warm.rss) * 10_000) / LOOP_STEPS);
      took.bash.push(bashSteps() * 1e3);
      took.set.push(perStep((await ours.run(own.set)).marks, STEPS) * 1e3);
      took.shell.push(perStep((await ours.run(own.shell)).marks, SHELL_STEPS));
      took.bare.push(await mean(SHELL_STEPS, () => spawnBare("true")));
      took.pty.push(await mean(SHELL_STEPS, async () => (await terminal("true")).ms));
      took.render.push(renderings(() => render(RENDERED, NAMES)));
      if (pinokiod === null) continue;
      const { marks } = await pinokiod.run(other.log);
      theirs.log.push(perStep(marks, OF_PINOKIOD.log));
      const set = await pinokiod.run(other.set);
      theirs.set.push(perStep(set.marks, OF_PINOKIOD.set));
      theirs.growth.push(set.marks[1].rss - set.marks[0].rss);
      theirs.shell.push(perStep((await pinokiod.run(other.shell)).marks, OF_PINOKIOD.shell));
      const { ms } = await pinokiod.render(RENDERED, NAMES, OF_PINOKIOD.renderings);
      theirs.render.push((ms * 1e3) / OF_PINOKIOD.renderings / TEMPLATES);
    }
    const beside = (key, unit, what) =>
      pinokiod === null ? recorded(what) : `${pinokiod.name} ${number(median(theirs[key]))} ${unit}`;
    return [
      {
        name: "log step with one template",
        value: median(took.log),
        unit: "µs",
        aim: "≤ 50",
        peer: joinPeers(
          describePeer("echo in a bash loop", "µs", took.log, took.bash),
          beside("log", "ms", "log step"),
        ),
      },
      {
        name: "local.set step with one template",
        value: median(took.set),
        unit: "µs",
        aim: "≤ 50",
        peer: beside("set", "ms", "local.set step"),
      },
      {
        name: "template in a step of five",
        value: median(took.render),
        unit: "µs",
        peer: beside("render", "µs", "template"),
      },
      {
        name: "`shell.run true` step",
        value: median(took.shell),
        unit: "ms",
        aim: "≤ 10",
        peer: joinPeers(
          describePeer("bare node-pty", "ms", took.shell, took.pty),
          describePeer("bare bash -c true", "ms", took.shell, took.bare),
          beside("shell", "ms", "shell.run step"),
        ),
      },
      { name: "script of 10,000 log steps, from asking to its end", value: median(took.whole), unit: "ms" },
      { name: "memory that it grows by, from cold", value: median(took.growth), unit: "MB" },
      {
        name: "memory growth per 10,000 steps of a loop, once warm",
        value: median(took.slope),
        unit: "MB",
        aim: "≤ 5",
        peer:
          pinokiod === null
            ? recorded("memory growth")
            : `${pinokiod.name} ${number(median(theirs.growth))} MB in ${OF_PINOKIOD.set} local.set steps`,
      },
    ];
  } finally {
    await pinokiod?.end();
    await ours.end();
  }
}

/** The same two steps again and again; marks stand before, after the first 10,000 steps and at the end. */
function placeLoop(home) {
  const rounds = LOOP_STEPS / 2;
  const next = `{{local.n === 5_000 ? 2 : local.n < ${rounds + 5_000} ? 3 : 5}}`;
  return placeScript(home, "loop", [
    MARK,
    step("jump", { index: 3 }),
    MARK,
    step("local.set", { n: "{{(local.n || 0) + 1}}" }),
    step("jump", { index: next }),
    MARK,
  ]);
}

const columns = (names) => Object.fromEntries(names.map((each) => [each, []]));

const perStep = (marks, steps) => (marks.at(-1).ms - marks[0].ms) / steps;

const number = (value) => Number(value.toPrecision(3));

/** Milliseconds of one line of a shell script. */
function bashSteps() {
  const began = performance.now();
  execFileSync(BASH, ["-c", `for ((n = 0; n < ${STEPS}; n++)); do echo "step $n"; done`]);
  return (performance.now() - began) / STEPS;
}

async function mean(count, measure) {
  let sum = 0;
  for (let n = 0; n < count; n++) sum += await measure();
  return sum / count;
}

/** Microseconds of one template. */
function renderings(render) {
  const began = performance.now();
  for (let n = 0; n < RENDERINGS; n++) render();
  return ((performance.now() - began) * 1e3) / RENDERINGS / TEMPLATES;
}
