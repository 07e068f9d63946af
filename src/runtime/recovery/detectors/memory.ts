import { memoryText } from "../../protocol/app-settings.js";
import type { Detector, Seen } from "../detector.js";
import { group } from "../detector.js";
import { FACT } from "../fact.js";
import { offer } from "../offers.js";
import { short } from "../words.js";
import { sizeText } from "../../protocol/sizes.js";

const has = ({ facts }: Seen): string =>
  facts.memoryBytes === null ? "" : `; this machine has ${sizeText(facts.memoryBytes)}`;

/** How the end of a killed program shows, whoever started it. */
const WAS_KILLED = new RegExp(
  `(?:^|\\s)Killed(?:$|\\s{2,}\\S)|\\bSIGKILL\\b|exit ?code:?\\s{0,3}(?:-9|137)\\b|^${FACT}exit 137$|was killed or crashed`,
);

/** A shell names the process that was killed below it. */
const isToldByShell = ({ run }: Seen, pid: string): boolean =>
  run.lines.some(({ text }) => /\b(\d+) Killed\b/.exec(text)?.[1] === pid);

const UNIT = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;

/** What it asked for, in words. */
function wanted({ text }: Seen): string {
  const bytes = /tried to allocate (\d{1,18}) bytes/.exec(text)?.[1];
  const [, amount, unit] = /Unable to allocate ([\d.]{1,12}) (KiB|MiB|GiB|TiB)/.exec(text) ?? [];
  if (bytes !== undefined) return ` for ${sizeText(Number(bytes))}`;
  return amount === undefined ? "" : ` for ${sizeText(Number(amount) * UNIT[unit as keyof typeof UNIT])}`;
}

const LOWER = offer.lowerMemory({ OMP_NUM_THREADS: "2", MALLOC_ARENA_MAX: "2" });

/** As a person has written the limit: a GB of memory is 1024 MB. */
const sizeIn = (seen: Seen, at: number): string =>
  group(seen, at) === "?" ? "memory" : memoryText(Number(group(seen, at)));

export const memory: readonly Detector[] = [
  {
    code: "memory-limit",
    layer: "machine",
    happened: "The programs of an app used more memory than a person lets it use",
    advice: "Choose a smaller model or batch, or let it use more: Limits on the app's page, or `pinokiocloud limit`",
    patterns: [new RegExp(`^${FACT}memory limit (\\d+|\\?) (\\d+|\\?)$`)],
    // Of several programs one may have been ended long before and not been missed.
    confirm: (seen) => group(seen, 2) !== "?" || seen.run.lines.some(({ text }) => WAS_KILLED.test(text)),
    say: (seen) => {
      const limit = sizeIn(seen, 1);
      const sentence =
        group(seen, 2) === "?"
          ? `The system ended a program of this run: together its programs wanted more than the ${limit} that the app may use`
          : `The programs of this run used ${sizeIn(seen, 2)} of memory; the app may use ${limit}`;
      return { sentence, repairs: [LOWER, offer.retry()] };
    },
  },
  {
    code: "memory-kill",
    layer: "machine",
    happened: "The system ended a program because the memory was full; the kernel or its cgroup says so",
    advice: "Stop other apps, choose a smaller model, or use a machine with more memory",
    patterns: [new RegExp(`^${FACT}memory kill (.{1,64}) (\\d+|\\?) (sure|perhaps)$`)],
    // A program that was not killed is not this one.
    confirm: ({ run }) => run.lines.some(({ text }) => WAS_KILLED.test(text)),
    say: (seen) => {
      const isSure = group(seen, 3) === "sure" || isToldByShell(seen, group(seen, 2));
      const named = group(seen) === "?" ? null : group(seen);
      const sentence = isSure
        ? `${named ?? "A program of this run"} was ended by the system because the memory was full`
        : `The system ended ${named ?? "a program"} because the memory was full, perhaps that of this run`;
      return { sentence: sentence + has(seen), repairs: [LOWER, offer.retry()] };
    },
  },
  {
    code: "memory-full",
    layer: "machine",
    happened: "A program asked for more memory than there is",
    advice: "Stop other apps, choose a smaller model or batch, or use a machine with more memory",
    patterns: [
      /^(?:\w{1,60}\.){0,6}_?(?:Array)?MemoryError\b/,
      /DefaultCPUAllocator: (?:can't allocate memory|not enough memory)/,
      /what\(\): {1,4}std::bad_alloc|^std::bad_alloc/,
      /Cannot allocate memory/,
      /\bENOMEM\b/,
      /virtual memory exhausted|ld terminated with signal 9|cc1plus.{0,20}: out of memory/,
    ],
    unless: /CUDA|cuda/,
    say: (seen) => ({
      sentence: `There was not enough memory${wanted(seen)}${has(seen)}`,
      repairs: [LOWER, offer.retry()],
    }),
  },
  {
    code: "node-memory-full",
    layer: "machine",
    happened: "A Node.js program used up the memory it may have",
    advice: "Give it more with NODE_OPTIONS=--max-old-space-size, in megabytes",
    patterns: [/JavaScript heap out of memory/],
    say: ({ text }) => ({ sentence: `Node.js ran out of its own memory: ${short(text)}` }),
  },
];
