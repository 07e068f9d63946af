// How long a person waits for a script's first step, and for a script that has only one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { spawnBare } from "./lib/bare-terminal.mjs";
import { MARK, placeScript } from "./lib/marked-scripts.mjs";
import { openOurEngine } from "./lib/our-engine.mjs";
import { openPinokiod, recorded } from "./lib/pinokiod.mjs";
import { describePeer, joinPeers, median } from "./lib/statistics.mjs";

export const name = "Script engine: start";

export async function run(context) {
  const rounds = context.quick ? 3 : 15;
  const ours = await openOurEngine(context);
  const pinokiod = await openPinokiod(context).catch(async (error) => {
    await ours.end();
    throw error;
  });
  try {
    const own = placeScript(ours.home, "one", [MARK]);
    const other = pinokiod === null ? null : placeScript(pinokiod.home, "one", [MARK]);
    const took = { first: [], whole: [], memory: [], bareNode: [], bareMemory: [], bash: [] };
    const theirs = { first: [], whole: [], memory: [] };
    const note = (into, { began, wholeMs, marks }) => {
      into.first.push(marks[0].ms - began);
      into.whole.push(wholeMs);
      into.memory.push(marks[0].rss);
    };
    await ours.run(own); // the first run of a home makes its folders and finds out about the machine
    for (let round = 0; round < rounds; round++) {
      note(took, await ours.run(own));
      const bare = await startBareNode(context);
      took.bareNode.push(bare.ms);
      took.bareMemory.push(bare.rss);
      took.bash.push(await spawnBare("true"));
      if (pinokiod !== null) note(theirs, await pinokiod.run(other));
    }
    const beside = (key, unit, what = "") =>
      pinokiod === null ? recorded(what) : `${pinokiod.name} ${Math.round(median(theirs[key]))} ${unit}`;
    return [
      {
        name: "from asking for a script to its first step",
        value: median(took.first),
        unit: "ms",
        aim: "≤ 120",
        peer: joinPeers(describePeer("bare Node 24", "ms", took.first, took.bareNode), beside("first", "ms")),
      },
      {
        name: "script of one step, from asking to its end",
        value: median(took.whole),
        unit: "ms",
        peer: joinPeers(
          describePeer("bare bash -c true", "ms", took.whole, took.bash),
          beside("whole", "ms", "one-step script"),
        ),
      },
      {
        name: "memory of the runner at its first step",
        value: median(took.memory),
        unit: "MB",
        aim: "≤ bare Node + 25",
        peer: joinPeers(describePeer("bare Node 24", "MB", took.memory, took.bareMemory), beside("memory", "MB")),
      },
    ];
  } finally {
    await pinokiod?.end();
    await ours.end();
  }
}

/** Node that does nothing but say how much memory it has. */
async function startBareNode({ node }) {
  const began = performance.now();
  const child = spawn(node, ["-p", "process.memoryUsage.rss()"], { stdio: ["ignore", "pipe", "inherit"] });
  const [heard] = await once(child.stdout, "data");
  const ms = performance.now() - began;
  await once(child, "close");
  return { ms, rss: Number(heard) / 1e6 };
}
