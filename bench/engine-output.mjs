// How fast a step reads what its program prints while three patterns watch it.
import { statSync } from "node:fs";
import { join } from "node:path";
import { bareTerminals } from "./lib/bare-terminal.mjs";
import { writeLines } from "./lib/finished-run.mjs";
import { MARK, placeScript, step } from "./lib/marked-scripts.mjs";
import { openOurEngine } from "./lib/our-engine.mjs";
import { openPinokiod, recorded } from "./lib/pinokiod.mjs";
import { describePeer, joinPeers, median } from "./lib/statistics.mjs";

export const name = "Script engine: output";

/** As launchers watch for the address, an error and a sign of life; none of them comes. */
const PATTERNS = [
  { event: "/(http:\\/\\/[0-9.:]+)/", done: true },
  { event: "/Traceback \\(most recent call last\\)/", break: true },
  { event: "/Uvicorn running on (\\S+)/i" },
];

/** At its speed 200 MB would take minutes. */
const BYTES_OF_PINOKIOD = 5e6;

export async function run(context) {
  const bytes = context.quick ? 50e6 : 200e6;
  const rounds = context.quick ? 2 : 7;
  const terminal = bareTerminals(context);
  const ours = await openOurEngine(context);
  const pinokiod = await openPinokiod(context).catch(async (error) => {
    await ours.end();
    throw error;
  });
  try {
    const command = placePrinter(context, bytes);
    const own = placeWatcher(ours.home, command);
    const other = pinokiod === null ? null : placeWatcher(pinokiod.home, placePrinter(context, BYTES_OF_PINOKIOD));
    const took = { watched: [], bare: [], memory: [] };
    const theirs = { watched: [], memory: [] };
    for (let round = 0; round < rounds; round++) {
      const bare = await terminal(command);
      took.bare.push(speed(bytes, bare.ms));
      const { marks, outputBytes } = await ours.run(own);
      took.watched.push(speed(bytes, span(marks)));
      took.memory.push(marks[1].rss);
      // The log also holds what the step says about itself.
      if (outputBytes < bare.bytes) throw new Error(`Only ${outputBytes} of ${bare.bytes} bytes were kept.`);
      if (pinokiod === null || round > 2) continue;
      const their = await pinokiod.run(other);
      theirs.watched.push(speed(BYTES_OF_PINOKIOD, span(their.marks)));
      theirs.memory.push(their.marks[1].rss);
    }
    const beside = (key, unit) => {
      if (pinokiod === null) return "";
      const value = Number(median(theirs[key]).toPrecision(3));
      return `${pinokiod.name} ${value} ${unit} with ${BYTES_OF_PINOKIOD / 1e6} MB`;
    };
    return [
      {
        name: `output of ${bytes / 1e6} MB through three patterns`,
        value: median(took.watched),
        unit: "MB/s",
        aim: "≥ 0.8 × bare node-pty",
        peer: joinPeers(
          describePeer("bare node-pty", "MB/s", took.watched, took.bare),
          pinokiod === null ? recorded("output") : beside("watched", "MB/s"),
        ),
      },
      { name: "memory afterwards", value: median(took.memory), unit: "MB", peer: beside("memory", "MB") },
    ];
  } finally {
    await pinokiod?.end();
    await ours.end();
  }
}

/** A command that prints so many bytes, as lines. */
function placePrinter({ folder }, bytes) {
  const file = join(folder, `${bytes}.txt`);
  writeLines(file, bytes);
  if (statSync(file).size !== bytes) throw new Error(`${file} has not ${bytes} bytes.`);
  return `cat '${file}'`;
}

/** Without its own conda, which is not there, pinokiod would run nothing. */
const placeWatcher = (home, message) =>
  placeScript(home, "output", [MARK, step("shell.run", { message, on: PATTERNS, conda: { skip: true } }), MARK]);

const span = (marks) => marks[1].ms - marks[0].ms;

const speed = (bytes, ms) => bytes / 1e6 / (ms / 1e3);
