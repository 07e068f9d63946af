import { PinokioError } from "../protocol/errors.js";

/** What is known of a git command that failed. */
export interface GitFailure {
  /** What it wrote, without progress and without anything secret. */
  lines: readonly string[];
  exitCode: number | null;
  /** The repository it talked to, or null. */
  address: string | null;
  /** What was asked for of it, or null. */
  wanted: string | null;
  /** The first word of the command, such as `clone`. */
  command: string;
  cwd: string;
}

interface Explanation {
  pattern: RegExp;
  explain(failure: GitFailure, seen: RegExpExecArray): PinokioError;
}

const placeOf = ({ address, cwd }: GitFailure): string => address ?? cwd;

/** The first that matches, in this order: what is more exact stands before. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /No space left on device|Disk quota exceeded|write error: .*space/i,
    explain: ({ cwd }) =>
      new PinokioError("out-of-space", `There is no space left for the repository in ${cwd}`, {
        hint: "Free some space on that disk, then try again; nothing was installed",
      }),
  },
  {
    pattern: /unable to create file (.+): File name too long|error: invalid path '(.+)'/,
    explain: (failure, [, long, invalid]) => nameUnsupported(placeOf(failure), long ?? invalid ?? ""),
  },
  {
    pattern:
      /Remote branch (.+) not found|couldn't find remote ref (.+)|pathspec '(.+)' did not match|invalid reference: (.+)|not our ref ([0-9a-f]+)|reference is not a tree: ([0-9a-f]+)/,
    explain: (failure, [, ...found]) =>
      new PinokioError(
        "branch-missing",
        `${placeOf(failure)} has no branch or commit ${failure.wanted ?? found.find((one) => one !== undefined) ?? ""}`,
        { hint: "Look at its branches, and write one behind the address: #branch or @commit" },
      ),
  },
  {
    pattern: /Host key verification failed/,
    explain: (failure) =>
      new PinokioError("login-needed", `${placeOf(failure)} is on a machine that ssh does not know yet`, {
        hint: "Connect to it once with ssh in a terminal and accept its key, or use the https address",
      }),
  },
  {
    pattern:
      /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|Permission denied \(|The requested URL returned error: 40[13]|HTTP Basic: Access denied|Invalid username or/i,
    explain: (failure) =>
      new PinokioError("login-needed", `${placeOf(failure)} wants a login, or is not there`, {
        hint: "Check the address: many hosts ask for a login where nothing is. For a private repository, give a token",
        context: { address: failure.address ?? "" },
      }),
  },
  {
    pattern:
      /repository '.+' not found|returned error: 404|returned error: 410|does not appear to be a git repository|Repository not found|repository .+ does not exist|not valid: is this a git repository|project you were looking for could not be found/i,
    explain: (failure) =>
      new PinokioError("repository-missing", `There is no git repository at ${placeOf(failure)}`, {
        hint: "Check the address, or look whether it was renamed or made private",
      }),
  },
  {
    pattern: /transport '(.+)' not allowed|Protocol "(.+)" (?:not supported|disabled)|protocol .* is not supported/i,
    explain: (failure, [, one, other]) =>
      new PinokioError(
        "source-unsupported",
        `${placeOf(failure)} leads to ${one ?? other ?? "a protocol"}, which is not used here`,
        {
          hint: "Use an address that begins with https:// or git@",
        },
      ),
  },
  {
    pattern:
      /Could not resolve (?:host|hostname|proxy)|Connection (?:refused|timed out|reset|closed)|Network is unreachable|Failed to connect|Couldn't connect|timed out|Operation too slow|early EOF|unexpected disconnect|The remote end hung up|RPC failed|SSL|TLS|certificate|No route to host|returned error: (?:429|5\d\d)|Empty reply|transfer closed|premature end of pack/i,
    explain: (failure, [found]) =>
      new PinokioError("network-failed", `${placeOf(failure)} could not be reached: ${causeWith(found, failure)}`, {
        hint: "Check the address and the network, then try again",
      }),
  },
  {
    pattern: /Unable to create '(.+\.lock)': File exists/,
    explain: (_, [, lock = ""]) =>
      new PinokioError("step-failed", `${lock} keeps git from working here`, {
        hint: "Wait for other git commands on this folder to end; if there are none, remove the lock",
      }),
  },
  {
    // Of a submodule: files of the folder itself are looked at before git writes anything.
    pattern: /would be overwritten by (?:checkout|merge):\n((?:\t.+\n?)+)/,
    explain: ({ cwd }, [, files = ""]) =>
      new PinokioError(
        "app-edited",
        `Files in submodules of ${cwd} were edited, and the new version changes them too: ${listed(files)}`,
        { hint: "Keep a copy of them elsewhere, undo the edits, then try again" },
      ),
  },
  {
    pattern: /detected dubious ownership/,
    explain: ({ cwd }) =>
      new PinokioError("step-failed", `Another user owns ${cwd}, so git does not touch it`, {
        hint: "Give the folder to your user with chown",
      }),
  },
];

export const nameUnsupported = (place: string, name: string): PinokioError =>
  new PinokioError("name-unsupported", `${place} holds a file whose name this system cannot hold: ${shortened(name)}`, {
    hint: "Its author has to give that file another name; nothing was changed here",
  });

const listed = (files: string): string =>
  shortened(
    files
      .trim()
      .split(/\s*\n\s*/)
      .join(", "),
  );

const shortened = (name: string): string => (name.length > 120 ? `${name.slice(0, 117)}…` : name);

/** A command of git that failed, in words. */
export function explainGit(failure: GitFailure): PinokioError {
  const text = failure.lines.join("\n");
  for (const { pattern, explain } of EXPLANATIONS) {
    const seen = pattern.exec(text);
    if (seen !== null) return explain(failure, seen);
  }
  return new PinokioError(
    "step-failed",
    `git ${failure.command} ended with exit code ${failure.exitCode ?? "unknown"}: ${firstCause(failure)}`,
    { context: { folder: failure.cwd } },
  );
}

function firstCause({ lines }: GitFailure): string {
  const found = lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines.at(-1) ?? "it did not say why";
  return shortCause(found);
}

/** The line that says it: git's own last words may tell less than what ssh has said before. */
function causeWith(words: string, failure: GitFailure): string {
  const saying = failure.lines.filter((line) => line.includes(words));
  return firstCause({ ...failure, lines: saying.length === 0 ? failure.lines : saying });
}

const shortCause = (line: string): string => line.replace(/^(?:fatal|error): /, "").slice(0, 300);
