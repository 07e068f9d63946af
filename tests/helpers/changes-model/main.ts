// Changes of apps in random order, with crashes, cancels and full disks in their middle:
//   node main.mjs --child=<child.mjs> [--seed=n] [--times=n] [--steps=n]
// It prints one line of JSON: how many sequences there were and what went wrong in the first that did.
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Order, Trouble } from "./child.js";
import { filesBelow, problemsIn, textsIn } from "./invariants.js";
import type { Operation, Outcome } from "./operations.js";

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
];
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
  app: string;
  /** Commits of the origin: those after the first follow it, the last one replaces it. */
  commits: string[];
}

function makeTemplate(): Template {
  const work = join(root, "work");
  const origin = join(root, "origin.git");
  const app = join(root, "template");
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
  git(root, "clone", "-q", origin, app);
  commit({ "config.txt": "a\nb\nC\n" });
  commit({ "start.js": "2", "new.txt": "new\n" });
  git(work, "checkout", "-q", "--orphan", "again");
  commit({ "config.txt": "other\n" });
  git(work, "push", "-q", origin, "+main:main", "+again:again");
  return { origin, app, commits };
}

/** A process that does the work, and is gone after a crash. */
class Worker {
  #child: ChildProcess | null = null;

  async do(order: Order): Promise<(Outcome & { changes: number }) | "crashed"> {
    const child = (this.#child ??= fork(childProgram, { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] }));
    return new Promise((resolve) => {
      const onMessage = (outcome: Outcome & { changes: number }): void => {
        child.removeListener("exit", onExit);
        resolve(outcome);
      };
      const onExit = (): void => {
        child.removeListener("message", onMessage);
        this.#child = null;
        resolve("crashed");
      };
      child.once("message", onMessage);
      child.once("exit", onExit);
      child.send(order);
    });
  }

  /** Resolves when it is gone. */
  async end(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => child.once("exit", resolve).kill("SIGKILL"));
  }
}

/** Whether a change is written down that is not over. */
function isOpen(home: string): boolean {
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
  const check = (when: string): string[] =>
    problemsIn(home, expected).map((problem) => `sequence ${number}, ${when}: ${problem.replaceAll(home, "")}`);

  const run = async (operation: Operation, bad: Trouble | null): Promise<string[]> => {
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
    return check(operation.kind);
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
      return first === undefined ? null : [{ kind: "install", app: first, template: template.app, origin }, null];
    }
    const app = pick(present);
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

  let problems = await run({ kind: "install", app: "one", template: template.app, origin }, null);
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
    const worker = new Worker();
    for (let number = next++; number < times && failed.length === 0; number = next++) {
      const problems = await sequence(number, template, worker);
      if (problems.length > 0 && failed.length === 0) failed = problems;
    }
    await worker.end();
  };
  const only = argument("only");
  if (only !== undefined) {
    const worker = new Worker();
    failed = await sequence(Number(only), template, worker);
    await worker.end();
  } else await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (failed.length === 0 || argument("keep") === undefined) rmSync(root, { recursive: true, force: true });
  console.log(
    JSON.stringify({ seed, times, failed, ...(failed.length > 0 && argument("keep") !== undefined ? { root } : {}) }),
  );
}

await main();
