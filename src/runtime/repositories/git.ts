import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { devNull } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { findProgram } from "../base/find-program.js";
import type { GitLogin } from "../base/git-address.js";
import { ASK_SSH, namesSsh } from "../base/own-ssh.js";
import { processesWith } from "../base/processes.js";
import { PinokioError } from "../protocol/errors.js";
import { explainGit } from "./git-errors.js";
import { type GitProgress, readGitProgress, readRedirect } from "./git-progress.js";

export interface GitOrder {
  cwd: string;
  signal?: AbortSignal | undefined;
  /** The repository it talks to; without one only this machine is asked. */
  remote?: GitRemote | undefined;
  /** What of it is asked for, for the words of an error. */
  wanted?: string | null | undefined;
  input?: string;
  /** More of git's settings for this command. */
  settings?: readonly string[];
  onProgress?: ((progress: GitProgress) => void) | undefined;
  onRedirect?: (address: string) => void;
}

/** A repository elsewhere, as far as git has to know it. */
export interface GitRemote {
  url: string;
  /** Such as `https`: git, its submodules and their redirections may use nothing else. */
  protocols: readonly string[];
  login: GitLogin | null;
}

export interface Git {
  /** What it printed. Rejects with words when it fails; when `signal` is aborted, once all of it has ended. */
  run(args: readonly string[], order: GitOrder): Promise<string>;
  /** As `run`; null when it fails, but not where there is no git at all. */
  ask(args: readonly string[], order: GitOrder): Promise<string | null>;
}

export interface GitOptions {
  /** What programs inherit; its PATH is where git is looked for. */
  env: Readonly<Record<string, string | undefined>>;
  /** Marks every process, so that those of a sidecar that was killed are found again. */
  mark: string;
}

const MARK = "PINOKIOCLOUD_GIT";
const USER = "PINOKIOCLOUD_GIT_USER";
const PASSWORD = "PINOKIOCLOUD_GIT_PASSWORD";
const KILL_AFTER_MS = 2_000;
const MOST_LINES = 60;
const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;

/** What of an inherited environment would lead git elsewhere, or make it say what it sends. */
const NOT_INHERITED =
  /^(?:GIT_(?!CONFIG_(?:COUNT|KEY_\d+|VALUE_\d+|GLOBAL|SYSTEM|NOSYSTEM)$|SSH|SSL|PROXY|HTTP).*|LANGUAGE|LC_.*|SSH_ASKPASS.*)$/;

/** Never asks anybody anything, runs no hook, and uses no protocol that was not allowed. */
const SETTINGS = [
  `core.hooksPath=${devNull}`,
  "core.fsmonitor=false",
  "core.askPass=",
  "gc.auto=0",
  "maintenance.auto=false",
  "advice.detachedHead=false",
  "credential.interactive=false",
  "http.lowSpeedLimit=1000",
  "http.lowSpeedTime=60",
];

/** Answers git's question for a login from its environment: so it stands in no argument, file or address. */
const HELPER = `!f() { test "$1" = get && printf 'username=%s\\npassword=%s\\n' "$${USER}" "$${PASSWORD}"; }; f`;

export function createGit({ env, mark }: GitOptions): Git {
  const inherited = Object.fromEntries(Object.entries(env).filter(([name]) => !NOT_INHERITED.test(name)));

  /** Asked once for all that is done with a repository. */
  const ownSsh = new WeakMap<GitRemote, Promise<boolean>>();

  /** Which one git's settings name is found by git itself; it has no terminal to ask on. */
  const hasOwnSsh = async (remote: GitRemote, cwd: string): Promise<boolean> => {
    if (namesSsh(env)) return env["GIT_SSH_COMMAND"] === undefined;
    const known = ownSsh.get(remote);
    if (known !== undefined) return known;
    const asked = run(ASK_SSH, { cwd }).then(
      () => true,
      () => false,
    );
    ownSsh.set(remote, asked);
    return asked;
  };

  const run = async (args: readonly string[], order: GitOrder): Promise<string> => {
    const { cwd, signal, remote, wanted = null } = order;
    const program = findProgram("git", env["PATH"]);
    if (program === null) {
      throw new PinokioError("tool-missing", "The program git was not found", {
        hint: "Install the system package git, then try again",
      });
    }
    const isSshTheirs = remote !== undefined && (await hasOwnSsh(remote, cwd));
    signal?.throwIfAborted();
    const child = spawn(program, [...settingsOf(order), ...args], {
      cwd,
      env: { ...inherited, ...environmentOf(env, mark, remote), ...(isSshTheirs ? {} : sshOf(env)) },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true, // a session and group of its own: no terminal to ask on, and all of it ends together
    });
    const { exitCode, output, lines } = await follow(child, order);
    signal?.throwIfAborted();
    if (exitCode === 0) return output;
    const clean = lines.map((line) => withoutSecrets(line, remote?.login ?? null));
    throw explainGit({ lines: clean, exitCode, address: remote?.url ?? null, wanted, command: args[0] ?? "", cwd });
  };

  return {
    run,
    ask: (args, order) =>
      run(args, order).catch((error: unknown) => {
        if (order.signal?.aborted === true || isNoGit(error)) throw error;
        return null;
      }),
  };
}

const isNoGit = (error: unknown): boolean => error instanceof PinokioError && error.code === "tool-missing";

/** By which git that was started for a home is found again. */
export const markOf = (home: string): string => createHash("sha256").update(home).digest("hex").slice(0, 16);

/** Ends what a sidecar that was killed has left of git. */
export async function endLeftGit(mark: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const left = processesWith(MARK, mark);
    if (left.length === 0) return;
    for (const pid of left) kill(pid, tries < 10 ? "SIGTERM" : "SIGKILL");
    await delay(50);
  }
}

function settingsOf({ remote, settings = [] }: GitOrder): string[] {
  const login = remote?.login ?? null;
  const own =
    login === null ? [] : ["credential.helper=", `credential.${originOf(remote?.url ?? "")}.helper=${HELPER}`];
  return [...SETTINGS, ...own, ...settings].flatMap((setting) => ["-c", setting]);
}

function environmentOf(
  env: Readonly<Record<string, string | undefined>>,
  mark: string,
  remote: GitRemote | undefined,
): Record<string, string> {
  const login = remote?.login ?? null;
  return {
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    SSH_ASKPASS_REQUIRE: "never",
    GCM_INTERACTIVE: "never",
    GIT_LFS_SKIP_SMUDGE: "1",
    GIT_PROGRESS_DELAY: "0",
    GIT_ALLOW_PROTOCOL: (remote?.protocols ?? []).join(":"),
    [MARK]: mark,
    ...(login === null ? {} : { [USER]: login.user, [PASSWORD]: login.password }),
  };
}

const sshOf = (env: Readonly<Record<string, string | undefined>>): Record<string, string> => ({
  GIT_SSH_COMMAND: `${env["GIT_SSH_COMMAND"] ?? "ssh"} -oBatchMode=yes -oConnectTimeout=30`,
});

interface Followed {
  exitCode: number | null;
  output: string;
  lines: string[];
}

async function follow(child: ChildProcess, { signal, input, onProgress, onRedirect }: GitOrder): Promise<Followed> {
  const lines: string[] = [];
  const output: Buffer[] = [];
  let size = 0;
  let rest = "";
  const hear = (line: string): void => {
    if (line.trim() === "") return;
    const progress = readGitProgress(line);
    if (progress !== null) return onProgress?.(progress);
    const redirect = readRedirect(line);
    if (redirect !== null) onRedirect?.(redirect);
    lines.push(line.slice(0, 2_000));
    if (lines.length > MOST_LINES) lines.shift();
  };
  child.stdout?.on("data", (bytes: Buffer) => {
    size += bytes.length;
    if (size <= MOST_OUTPUT_BYTES) output.push(bytes);
  });
  child.stderr?.on("data", (bytes: Buffer) => {
    const pieces = (rest + bytes.toString("utf8")).split(/[\r\n]+/);
    rest = (pieces.pop() ?? "").slice(-10_000);
    for (const piece of pieces) hear(piece);
  });
  child.stdin?.on("error", () => undefined); // it may end before it has read all
  child.stdin?.end(input ?? "");
  let late: NodeJS.Timeout | undefined;
  const end = (): void => {
    endGroup(child, "SIGTERM");
    late = setTimeout(() => endGroup(child, "SIGKILL"), KILL_AFTER_MS);
  };
  signal?.addEventListener("abort", end, { once: true });
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    hear(rest);
    return { exitCode, output: Buffer.concat(output).toString("utf8"), lines };
  } finally {
    clearTimeout(late);
    signal?.removeEventListener("abort", end);
  }
}

const endGroup = ({ pid }: ChildProcess, name: NodeJS.Signals): void => {
  if (pid !== undefined) kill(-pid, name);
};

function kill(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}

const withoutSecrets = (line: string, login: GitLogin | null): string =>
  (login === null || login.password === "" ? line : line.replaceAll(login.password, "***")).replace(
    /(\w:\/\/)[^/\s]+@/g, // a password may hold an @ too
    "$1",
  );

/** What a login holds for: all addresses that begin with it. */
export const originOf = (url: string): string => {
  try {
    return new URL(url).origin;
  } catch {
    return url;
  }
};
