import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findProgram } from "../../src/runtime/base/find-program.js";
import type { MenuItem } from "../../src/runtime/protocol/apps.js";
import { type Answer, testHome, type TestHome } from "./command-line.js";

const FIXTURES = new URL("../fixtures/", import.meta.url).pathname;
const OWN_TOOLS = new URL("../../.venv/bin", import.meta.url).pathname;

interface TraceEvent {
  type: "step" | "result" | "log" | "input" | "error" | "end";
  script: string;
  index?: number;
  method?: string;
  params?: unknown;
  value?: unknown;
  text?: string;
  request?: unknown;
  message?: string;
  outcome?: string;
}

/** What became of one script that was run to its end, or until it was ready. */
export interface Played {
  answer: Answer;
  events: TraceEvent[];
  /** What the run's own steps and those of the scripts it started said with `log`, each without its line end. */
  said: string[];
  /** `<script> <outcome>`, in order. */
  ends: string[];
  errors: string[];
}

export interface Status {
  running: boolean;
  ready: boolean;
  local: Record<string, unknown> | null;
  shells: number;
}

/** A home for the apps of `tests/fixtures/apps`, used as a person uses it: through the command line alone. */
export interface AppHome extends AsyncDisposable {
  readonly home: TestHome;
  /** Where the repositories behind `https://git.example.test/` lie. */
  readonly repositories: string;
  /** The path of something below `api/`. */
  at(...parts: string[]): string;
  read(...parts: string[]): string;
  has(...parts: string[]): boolean;
  /** `pinokiocloud install <app> --yes`. */
  install(app: string): Promise<Answer>;
  /** Puts the app's folder into the home without running any of it. */
  put(app: string): void;
  menu(app: string): Promise<MenuItem[]>;
  play(script: string, options?: { input?: unknown; answers?: unknown[]; timeout?: number }): Promise<Played>;
  status(script: string): Promise<Status>;
  stop(script: string): Promise<Answer>;
  run(...args: string[]): Promise<Answer>;
}

/** `environment` is added to what the apps inherit. */
export function appHome(environment: Record<string, string> = {}): AppHome {
  const home = testHome();
  const beside = (...parts: string[]) => join(home.path, "..", ...parts);
  const tools = beside("tools");
  mkdirSync(tools);
  const uv = findProgram("uv", [OWN_TOOLS, process.env["PATH"]].join(delimiter));
  if (uv !== null) symlinkSync(uv, join(tools, "uv"));
  cpSync(join(FIXTURES, "programs/stand-in-hf.sh"), join(tools, "hf"));
  chmodSync(join(tools, "hf"), 0o755);
  // What `requires` names and no app here uses: on a machine without it a person would be asked first.
  for (const name of ["7z", "bun", "ffmpeg", "g++", "tmux"]) {
    if (findProgram(name, process.env["PATH"]) === null) symlinkSync("/bin/true", join(tools, name));
  }

  const inherited = {
    PATH: [tools, process.env["PATH"]].join(delimiter),
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `url.file://${beside("repositories")}/.insteadOf`,
    GIT_CONFIG_VALUE_0: "https://git.example.test/",
    UV_OFFLINE: "1",
    HF_CALLS: beside("hf-calls.txt"),
    ...environment,
  };
  const run = (...args: string[]) => home.runWith(inherited, ...args);
  const at = (...parts: string[]) => join(home.path, "api", ...parts);
  let traces = 0;

  return {
    home,
    repositories: beside("repositories"),
    at,
    read: (...parts) => readFileSync(at(...parts), "utf8"),
    has: (...parts) => existsSync(at(...parts)),
    install: (app) => run("install", join(FIXTURES, "apps", app), "--yes"),
    put: (app) => cpSync(join(FIXTURES, "apps", app), at(app), { recursive: true }),
    menu: async (app) => (await run("app", "menu", app, "--json")).json["menu"] as MenuItem[],
    play: async (script, { input, answers, timeout } = {}) => {
      const trace = beside(`trace-${++traces}.jsonl`);
      const answer = await run(
        ...["script", "run", at(script), "--trace", trace],
        ...(input === undefined ? [] : ["--input", JSON.stringify(input)]),
        ...(answers === undefined ? [] : ["--answers", JSON.stringify(answers)]),
        ...(timeout === undefined ? [] : ["--timeout", String(timeout)]),
      );
      return { answer, ...readTrace(trace) };
    },
    status: async (script) => (await run("script", "status", at(script), "--json")).json as unknown as Status,
    stop: (script) => run("script", "stop", at(script)),
    run,
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

function readTrace(file: string): Omit<Played, "answer"> {
  const events = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as TraceEvent);
  const of = (type: TraceEvent["type"]) => events.filter((event) => event.type === type);
  return {
    events,
    said: of("log").map(({ text = "" }) => text.trimEnd()),
    ends: of("end").map(({ script, outcome }) => `${script} ${outcome}`),
    errors: of("error").map(({ message = "" }) => message),
  };
}

const asTester = ["-c", "user.name=t", "-c", "user.email=t@example.test", "-c", "init.defaultBranch=main"];

const git = (cwd: string, ...args: string[]) => execFileSync("git", [...asTester, ...args], { cwd, stdio: "pipe" });

/** Makes the repository `https://git.example.test/<address>` of one of `tests/fixtures/projects`. */
export function makeRepository(
  { home, repositories }: AppHome,
  project: string,
  address: string,
  fill: (folder: string) => void = () => undefined,
): { commit(file: string, text: string): void } {
  const folder = join(home.path, "..", `work-${project}`);
  cpSync(join(FIXTURES, "projects", project), folder, { recursive: true });
  fill(folder);
  git(folder, "init", "-q");
  git(folder, "add", ".");
  git(folder, "commit", "-qm", "first");
  git(folder, "clone", "-q", "--bare", ".", join(repositories, address));
  return {
    commit: (file, text) => {
      execFileSync("tee", [join(folder, file)], { input: text, stdio: ["pipe", "ignore", "inherit"] });
      git(folder, "add", ".");
      git(folder, "commit", "-qm", "next");
      git(folder, "push", "-q", join(repositories, address), "HEAD:main");
    },
  };
}

/** Makes an app's folder look as though it had been cloned from there. */
export function cameFrom(folder: string, remote: string): void {
  git(folder, "init", "-q");
  git(folder, "remote", "add", "origin", remote);
}

/** Writes a Python package of one module into the folder. */
export function makeWheel(folder: string, name: string, version: string, source: string): string {
  mkdirSync(folder, { recursive: true });
  execFileSync("python3", [join(FIXTURES, "programs/make-wheel.py"), folder, name, version, source]);
  return `${name}-${version}-py3-none-any.whl`;
}

/** Every item of a menu, those of its levels included, as `text → href`. */
export function itemsOf(menu: readonly MenuItem[]): string[] {
  return menu.flatMap(({ text, href, menu: below = [] }) => [`${text} → ${href}`, ...itemsOf(below)]);
}
