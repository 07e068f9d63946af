// Changes of apps in random order, with crashes, cancels and full disks in their middle:
//   node main.mjs --child=<child.mjs> [--seed=n] [--times=n] [--steps=n]
// It prints one line of JSON: how many sequences there were and what went wrong in the first that did.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Trouble } from "./child.js";
import {
  appStates,
  contentsOf,
  differences,
  filesBelow,
  neededByOthers,
  onlyInUpdates,
  problemsIn,
  textsIn,
} from "./invariants.js";
import type { Operation } from "./operations.js";
import { Worker } from "./worker.js";

const argument = (name: string): string | undefined =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const seed = Number(argument("seed") ?? Date.now() % 1_000_000);
const times = Number(argument("times") ?? 100);
const steps = Number(argument("steps") ?? 7);
const childProgram = argument("child") ?? "";
const AT_ONCE = 2;
const APPS = ["one", "two"];
const PLACES = [
  "out/a.txt",
  "out/deep/b.txt",
  "code/out/c.txt",
  "env/d.txt",
  "models/m.txt",
  "e.txt",
  "config.txt",
  "code/config.txt",
  "new.txt",
  "../../envs/shared/note.txt",
];
/** Where an installation may be cut off, and how much is done from there on. */
const INSTALL_PHASES = [
  ["fetch", 24],
  ["look", 12],
  ["move", 16],
  ["script", 30],
] as const;
const SCRIPT_ONLY = [["script", 30]] as const;
const REMOVED = ["out", "code", "env", "config.txt", "models"];

const root = realpathSync(mkdtempSync(join(tmpdir(), "pk-model-")));

/** The same numbers from 0 to 1 for the same seed. */
function randomOf(start: number): () => number {
  let state = (start * 2_654_435_761) % 4_294_967_296;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

function git(cwd: string, ...args: string[]): string {
  const person = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"];
  return execFileSync("git", [...person, ...args], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

interface Template {
  origin: string;
  /** Commits of the origin: those after the first follow it, the last one replaces it. */
  commits: string[];
}

function makeTemplate(): Template {
  const work = join(root, "work");
  const origin = join(root, "origin.git");
  mkdirSync(work);
  git(work, "init", "-q");
  const commits: string[] = [];
  const commit = (files: Record<string, string>): void => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(work, name), text);
    git(work, "add", "-A");
    git(work, "commit", "-qm", `version ${commits.length}`);
    commits.push(git(work, "rev-parse", "HEAD"));
  };
  commit({
    "pinokio.js": "1",
    "install.js": "1",
    "update.js": "1",
    "config.txt": "a\nb\nc\n",
    ".gitignore": "env\nnode_modules\ncode\n",
  });
  git(root, "clone", "-q", "--bare", work, origin);
  git(origin, "config", "uploadpack.allowFilter", "true");
  commit({ "config.txt": "a\nb\nC\n" });
  commit({ "start.js": "2", "new.txt": "new\n" });
  git(work, "checkout", "-q", "--orphan", "again");
  commit({ "config.txt": "other\n" });
  git(work, "push", "-q", origin, "+main:main", "+again:again");
  return { origin, commits };
}

const headOf = (app: string): string => git(app, "-c", `safe.directory=${app}`, "rev-parse", "HEAD");

/** Whether a change or an installation is written down that is not over. */
function isOpen(home: string): boolean {
  if (Object.values(appStates(home)).includes("installing")) return true;
  const folder = join(home, "library/changes");
  return existsSync(folder) && readdirSync(folder).some((name) => /^[^.].*\.json$/.test(name));
}

/** One sequence; returns what went wrong. */
async function sequence(number: number, template: Template, worker: Worker): Promise<string[]> {
  const random = randomOf(seed + number * 7_919);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const home = join(root, `home-${number}`);
  const origin = join(root, `origin-${number}.git`);
  cpSync(template.origin, origin, { recursive: true });
  const setOrigin = (at: number): void => writeFileSync(join(origin, "refs/heads/main"), `${template.commits[at]}\n`);
  rmSync(join(origin, "packed-refs"), { force: true });
  mkdirSync(join(origin, "refs/heads"), { recursive: true });
  setOrigin(0);
  const source = `file://${origin}`;
  const expected = new Set<string>();
  const log: string[] = [];
  let marks = 0;

  const trouble = (most: number): Trouble | null => {
    const share = random();
    const at = 1 + Math.floor(random() * most);
    if (share < 0.2) return { what: "crash", at };
    if (share < 0.3) return { what: "crash", at, afterMs: random() * 40 };
    if (share < 0.4) return { what: "cancel", at };
    return share < 0.5 ? { what: "full", at } : null;
  };
  const installTrouble = (phases: readonly (readonly [phase: string, most: number])[]): Trouble | null => {
    const [phase, most] = pick(phases);
    const found = trouble(most);
    return found === null ? null : { ...found, phase };
  };
  const check = (when: string): string[] =>
    problemsIn(home, expected).map((problem) => `sequence ${number}, ${when}: ${problem.replaceAll(home, "")}`);

  const run = async (operation: Operation, bad: Trouble | null): Promise<string[]> => {
    const updated = operation.kind === "update" ? join(home, "api", operation.app) : null;
    const before = updated === null ? null : { files: contentsOf(updated), head: headOf(updated) };
    const needed = operation.kind === "uninstall" ? neededByOthers(home, operation.app) : [];
    const outcome = await worker.do({ home, operation, trouble: bad });
    const said =
      outcome === "crashed" ? "crashed" : `${outcome.state}${outcome.error === null ? "" : ` (${outcome.error})`}`;
    log.push(`${JSON.stringify(operation)} ${bad === null ? "" : JSON.stringify(bad)} → ${said}`.replaceAll(home, ""));
    // What is open after a full disk is put right by the next start as well.
    if (outcome === "crashed" || isOpen(home)) {
      await worker.end();
      if (random() < 0.2) {
        const at = 1 + Math.floor(random() * 20);
        await worker.do({ home, operation: { kind: "settle" }, trouble: { what: "crash", at } });
        await worker.end();
      }
      const settled = await worker.do({ home, operation: { kind: "settle" }, trouble: null });
      log.push(settled === "crashed" ? "settle crashed" : `settled: ${settled.told.join("; ")}`.replaceAll(home, ""));
    }
    const taken = needed.filter((id) => !existsSync(join(home, id)));
    const problems = taken.map((id) => `${id} went, and others need it`);
    if (updated !== null && before !== null) {
      problems.push(...onlyInUpdates(home).map((mark) => `${mark} is only in the trash, by an update`));
      const isTakenBack = outcome === "crashed" ? before.head === headOf(updated) : outcome.state === "failed";
      if (isTakenBack) problems.push(...differences(before.files, contentsOf(updated)));
    }
    return [...problems.map((problem) => `sequence ${number}: ${problem}`), ...check(operation.kind)];
  };

  const apps = (): string[] =>
    existsSync(join(home, "api")) ? readdirSync(join(home, "api")).filter((name) => !name.startsWith(".")) : [];
  const entries = async (): Promise<string[]> => {
    const outcome = await worker.do({ home, operation: { kind: "list" }, trouble: null });
    return outcome === "crashed" ? [] : outcome.entries;
  };

  const next = async (): Promise<[Operation, Trouble | null] | null> => {
    const present = apps();
    const [first] = APPS.filter((name) => !present.includes(name));
    const kind = pick([
      "install",
      "install",
      "resume",
      "write",
      "write",
      "write",
      "remove",
      "link",
      "update",
      "update",
      "reset",
      "reset",
      "uninstall",
      "uninstall",
      "restore",
      "restore",
      "restore",
      "empty",
    ] as const);
    if (kind === "install" || present.length === 0) {
      if (first === undefined) return null;
      setOrigin(Math.floor(random() * template.commits.length));
      return [{ kind: "install", app: first, source }, installTrouble(INSTALL_PHASES)];
    }
    const app = pick(present);
    if (kind === "resume") {
      const unfinished = present.filter((name) => ["install-failed", "choose"].includes(appStates(home)[name] ?? ""));
      return unfinished.length === 0 ? null : [{ kind, app: pick(unfinished) }, installTrouble(SCRIPT_ONLY)];
    }
    if (kind === "write") {
      const mark = `mine-${number * 1_000 + marks++}`;
      const path = pick(PLACES);
      const written = join(home, "api", app, path);
      const place = existsSync(written) ? realpathSync(written) : written; // it may lie on the drive
      for (const [old, at] of textsIn(home)) if (at.length === 1 && at[0] === place) expected.delete(old);
      expected.add(mark);
      return [{ kind, app, path, text: `${mark}\n` }, null];
    }
    if (kind === "remove") return [{ kind, app, path: pick(REMOVED) }, null];
    if (kind === "link") return [{ kind, app }, null];
    if (kind === "update") {
      setOrigin(Math.floor(random() * template.commits.length));
      return [{ kind, app, fails: random() < 0.3 }, trouble(40)];
    }
    if (kind === "reset") return [{ kind, app, all: random() < 0.3, install: random() < 0.6 }, trouble(120)];
    if (kind === "uninstall") return [{ kind, app, all: random() < 0.3 }, trouble(40)];
    const names = await entries();
    if (names.length === 0) return null;
    const entry = pick(names);
    if (kind === "restore") return [{ kind, entry }, trouble(40)];
    const folder = entry.startsWith("kept/") ? join(home, entry) : join(home, "trash", entry);
    const going = new Set(filesBelow(folder));
    for (const [mark, at] of textsIn(home)) if (at.every((path) => going.has(path))) expected.delete(mark);
    return [{ kind, entry }, null];
  };

  let problems = await run({ kind: "install", app: "one", source }, installTrouble(INSTALL_PHASES));
  for (let step = 0; step < steps && problems.length === 0; step++) {
    const chosen = await next();
    if (chosen !== null) problems = await run(...chosen);
  }
  if (argument("tell") !== undefined) process.stderr.write(`${log.join("\n")}\n\n`);
  if (problems.length === 0) for (const folder of [home, origin]) rmSync(folder, { recursive: true, force: true });
  return problems.length === 0 ? [] : [...problems, ...log];
}

async function main(): Promise<void> {
  const template = makeTemplate();
  let next = 0;
  let failed: string[] = [];
  const work = async (): Promise<void> => {
    const worker = new Worker(childProgram);
    for (let number = next++; number < times && failed.length === 0; number = next++) {
      const problems = await sequence(number, template, worker);
      if (problems.length > 0 && failed.length === 0) failed = problems;
    }
    await worker.end();
  };
  const only = argument("only");
  if (only !== undefined) {
    const worker = new Worker(childProgram);
    failed = await sequence(Number(only), template, worker);
    await worker.end();
  } else await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (failed.length === 0 || argument("keep") === undefined) rmSync(root, { recursive: true, force: true });
  console.log(
    JSON.stringify({ seed, times, failed, ...(failed.length > 0 && argument("keep") !== undefined ? { root } : {}) }),
  );
}

await main();
