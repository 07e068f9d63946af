import { answersHttp, isLocalUrl } from "../base/answers-http.js";
import { type ListeningPort, listeningPortsLater, listeningPortsOf } from "../base/listening-ports.js";
import { ProcessTree } from "../base/process-tree.js";
import type { RunId } from "../protocol/ids.js";
import type { Run, Serving } from "../protocol/runs.js";

export interface WatchedRun {
  run: Run;
  /** The processes that everything of the run descends from. */
  roots: readonly number[];
}

export interface ServingOptions {
  runs(): readonly WatchedRun[];
  /** What is known of a run beside what its runner says. */
  onChanged(id: RunId, serving: Serving): void;
  /** Whether somebody would see that an app has stopped answering. */
  isWatched(): boolean;
  everyMs?: number;
  now?: () => number;
}

const EVERY_MS = 1_000;
/** For so long after a run has printed something or changed its state it is looked each time, later more rarely. */
const STIRRED_MS = 10_000;
const QUIET_EVERY_MS = 5_000;
/** What answers is asked again this often while somebody looks, and sooner once it has missed a question. */
const ALIVE_EVERY_MS = 15_000;
const MISSED_EVERY_MS = 5_000;
/** What somebody waits for may be known for so long. */
const FRESH_MS = 1_000;
/** Silence that is told: a busy app may miss one question. */
const MOST_MISSED = 2;
/** And of a page that was announced and has never answered. */
const MOST_MISSED_AT_FIRST = 10;
/** A port that nobody said to be a page may be a database, which notes every question as an attack: ever more rarely. */
const RAREST_MS = 10_000;

interface Known {
  sockets: string;
  serving: Serving;
  askedAt: number;
  missed: number;
}

const NEVER = Number.NEGATIVE_INFINITY;
const NOTHING: Serving = { ports: [], url: null, isAnswering: false };

/**
 * Finds out what runs serve: the ports that their processes listen on, and whether a page answers there. A look costs
 * a fraction of a millisecond while no port of the machine changes.
 */
export class ServingWatch {
  readonly #options: ServingOptions;
  readonly #known = new Map<RunId, Known>();
  readonly #timer: NodeJS.Timeout;
  readonly #now: () => number;
  #lastSockets = "";
  #signs = "";
  #stirredAt = NEVER;
  #lookedAt = NEVER;
  #isLooking = false;

  constructor(options: ServingOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#timer = setInterval(() => this.#lookIfDue(), options.everyMs ?? EVERY_MS);
    this.#timer.unref();
  }

  of(id: RunId): Serving | null {
    return this.#known.get(id)?.serving ?? null;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** An app that begins to serve nearly always says something then. */
  #lookIfDue(): void {
    const runs = this.#options.runs();
    const signs = runs.map(({ run: { id, state, outputBytes } }) => `${id} ${state} ${outputBytes}`).join(" ");
    const isAwaited = runs.some(({ run }) => isLocalUrl(run.local["url"]) && this.of(run.id)?.isAnswering !== true);
    const now = this.#now();
    if (isAwaited || signs !== this.#signs) this.#stirredAt = now;
    this.#signs = signs;
    if (now - this.#stirredAt > STIRRED_MS && now - this.#lookedAt < QUIET_EVERY_MS) return;
    this.#lookedAt = now;
    void this.look();
  }

  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const runs = this.#options.runs();
      this.#forgetOthers(runs);
      if (runs.length > 0) {
        this.#findPorts(runs, await listeningPortsLater());
        await Promise.all(runs.map(({ run }) => this.#ask(run)));
      }
    } finally {
      this.#isLooking = false;
    }
  }

  #forgetOthers(runs: readonly WatchedRun[]): void {
    const live = new Set(runs.map(({ run }) => run.id));
    for (const id of this.#known.keys()) if (!live.has(id)) this.#known.delete(id);
    for (const id of live) {
      if (this.#known.has(id)) continue;
      this.#known.set(id, { sockets: "", serving: NOTHING, askedAt: NEVER, missed: 0 });
      this.#lastSockets = "";
    }
  }

  #findPorts(runs: readonly WatchedRun[], open: readonly ListeningPort[]): void {
    const sockets = namesOf(open);
    if (sockets === this.#lastSockets) return;
    this.#lastSockets = sockets;
    const tree = new ProcessTree();
    for (const { run, roots } of runs) {
      const ports = listeningPortsOf(tree.below(roots), open);
      const known = this.#known.get(run.id);
      if (known === undefined || known.sockets === namesOf(ports)) continue;
      known.sockets = namesOf(ports);
      known.askedAt = NEVER;
      if (!known.serving.isAnswering) known.missed = 0;
      const now = [...new Set(ports.map(({ port }) => port))].sort((a, b) => a - b);
      const { ports: before, url, isAnswering } = known.serving;
      const hasClosed = before.some((port) => !now.includes(port) && isAt(url, port));
      this.#tell(run.id, { ports: now, url, isAnswering: isAnswering && !hasClosed });
    }
  }

  /** What was said to answer is asked whether it still does. */
  async refresh(): Promise<void> {
    await this.look();
    const said = this.#options.runs().map(({ run }) => run);
    await Promise.all(said.map((run) => this.#askUntilSure(run)));
  }

  async #askUntilSure(run: Run): Promise<void> {
    const known = this.#known.get(run.id);
    if (known === undefined || (known.missed === 0 && this.#now() - known.askedAt < FRESH_MS)) return;
    for (let at = 0; at < MOST_MISSED && known.serving.isAnswering; at++) {
      known.askedAt = NEVER;
      await this.#ask(run);
      if (known.missed === 0) return;
    }
  }

  async #ask({ id, local }: Run): Promise<void> {
    const known = this.#known.get(id);
    if (known === undefined) return;
    const { isAnswering, ports, url } = known.serving;
    const wanted = isLocalUrl(local["url"]) ? local["url"] : null;
    const candidates = wanted === null ? ports.map((port) => `http://127.0.0.1:${port}`) : [wanted];
    const isSame = url !== null && candidates.includes(url);
    if (candidates.length === 0) {
      if (url !== null) this.#tell(id, { ...known.serving, url: null, isAnswering: false });
      return;
    }
    const age = this.#now() - known.askedAt;
    if (isAnswering && isSame && !this.#isDue(known, age)) return;
    if (wanted === null && !isAnswering && known.missed > 0 && age < pauseAfter(known.missed)) return;
    known.askedAt = this.#now();
    const found = await firstThatAnswers(isSame && isAnswering ? [url] : candidates);
    if (found !== null) {
      known.missed = 0;
      this.#tell(id, { ...known.serving, url: found, isAnswering: true });
    } else if (++known.missed >= (isAnswering ? MOST_MISSED : MOST_MISSED_AT_FIRST)) {
      this.#tell(id, { ...known.serving, url: wanted ?? url, isAnswering: false });
    }
  }

  /** A question that was missed is asked again whoever looks. */
  #isDue({ askedAt, missed }: Known, age: number): boolean {
    if (missed > 0) return age >= MISSED_EVERY_MS;
    return age >= ALIVE_EVERY_MS && (askedAt === NEVER || this.#options.isWatched());
  }

  #tell(id: RunId, serving: Serving): void {
    const known = this.#known.get(id);
    if (known === undefined || JSON.stringify(known.serving) === JSON.stringify(serving)) return;
    known.serving = serving;
    this.#options.onChanged(id, serving);
  }
}

async function firstThatAnswers(urls: readonly string[]): Promise<string | null> {
  const answers = await Promise.all(urls.map(answersHttp)); // one that says nothing holds up no other
  return urls.find((_, at) => answers[at]) ?? null;
}

const pauseAfter = (missed: number): number => Math.min(RAREST_MS, EVERY_MS * 2 ** (missed - 1));

const isAt = (url: string | null, port: number): boolean => url !== null && Number(new URL(url).port || 80) === port;

const namesOf = (ports: readonly ListeningPort[]): string => ports.map(({ socket }) => socket).join(" ");
