import type { CheckedApp, CheckFinding, CheckMachine, CheckPlace, CheckSkip } from "../protocol/check.js";
import { cutCheckedApp } from "../protocol/check.js";
import { PinokioError, toWireError } from "../protocol/errors.js";
import { fenceFlags } from "./launcher-host-client.js";
import { type Host, startHost } from "./launcher-host-process.js";

/** Goes through apps nobody has agreed to, each in a process of its own behind the fence. */
export interface AppChecks {
  /** An app's code cannot make this fail: what it does instead of answering is reported. */
  check(appDir: string, machine: CheckMachine): Promise<CheckedApp>;
  close(): void;
}

export interface AppChecksOptions {
  /** Node 24. */
  node: string;
  /** Path of `check-host.mjs`. */
  bundle: string;
  /** How long one file or menu of an app may take. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 2_000;
/** For a whole app, however many files. */
const APP_MS = 30_000;
const MOST_TRIES = 10;

export function createAppChecks({ node, bundle, timeoutMs = TIMEOUT_MS }: AppChecksOptions): AppChecks {
  const open = new Set<Host>();
  let isClosed = false;

  const ask = async (appDir: string, machine: CheckMachine, skip: CheckSkip[], limitMs: number): Promise<Attempt> => {
    let place: CheckPlace | null = null;
    if (isClosed) throw new PinokioError("sidecar-ending", "Nothing more is checked");
    let late: NodeJS.Timeout | undefined;
    let host: Host | undefined;
    try {
      const begun = startHost({ node, bundle, flags: fenceFlags(appDir), env: {}, onEnded: () => open.delete(begun) });
      host = begun;
      open.add(host);
      late = setTimeout(() => begun.end(), limitMs);
      const answer = await host.ask({ kind: "check", appDir, machine, skip }, timeoutMs, (at) => (place = at));
      if (answer.kind === "check") return { checked: cutCheckedApp(answer.value) };
      return { place, error: new PinokioError("menu-failed", "It gave nonsense as an answer") };
    } catch (error) {
      return { place, error };
    } finally {
      clearTimeout(late);
      host?.end();
    }
  };

  return {
    check: async (appDir, machine) => {
      const end = performance.now() + APP_MS;
      const skip: CheckSkip[] = [];
      let last: unknown = null;
      for (let tries = 0; tries < MOST_TRIES && performance.now() < end; tries++) {
        const attempt = await ask(appDir, machine, skip, Math.max(1, end - performance.now()));
        if ("checked" in attempt) return attempt.checked;
        last = attempt.error;
        if (attempt.place === null) break;
        skip.push({ ...attempt.place, message: whatItDid(attempt.place, attempt.error, timeoutMs) });
      }
      const message = whatItDid(null, last, timeoutMs);
      const without = WHATS.map((what) => ({ file: "", what, message }));
      const attempt = await ask(appDir, machine, without, timeoutMs * 5);
      return "checked" in attempt ? attempt.checked : nothingKnown(message);
    },
    close: () => {
      isClosed = true;
      for (const host of open) host.end();
    },
  };
}

type Attempt = { checked: CheckedApp } | { place: CheckPlace | null; error: unknown };

const WHATS = ["load", "menu", "steps"] as const;
const WORDS = { load: "Loading it", menu: "Its menu", steps: "A template in it" } as const;

function whatItDid(place: CheckPlace | null, error: unknown, timeoutMs: number): string {
  const subject = place === null ? "Its code" : WORDS[place.what];
  const { code, message } = toWireError(error);
  if (code === "menu-timeout") return `${subject} takes longer than ${timeoutMs / 1000} s`;
  const [, how] = /ended its own process (\(.*\))$/.exec(message) ?? [];
  if (how !== undefined) return `${subject} ends the process ${how}`;
  return `${subject} keeps from answering: ${message}`;
}

function nothingKnown(message: string): CheckedApp {
  const finding: CheckFinding = { level: "error", kind: "load", message };
  return { title: "", description: "", needs: [], scripts: [], findings: [finding] };
}
