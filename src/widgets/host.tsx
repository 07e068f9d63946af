import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useReducer,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { ConnectionState } from "../runtime/client/sidecar-client.js";
import { toWireError, type WireError } from "../runtime/protocol/errors.js";
import type { Inspection } from "../runtime/protocol/apps.js";
import type { Snapshot } from "../runtime/protocol/events.js";
import type { AppId, RunId } from "../runtime/protocol/ids.js";
import type { ParamsOf, ReplyOf, RequestName } from "../runtime/protocol/requests.js";
import type { Run } from "../runtime/protocol/runs.js";
import type { NeededPackage } from "./packages/needs.js";
import type { ViewHost } from "./view.js";

/** What a person is asked to agree to, and what happens when they do. */
export interface ConsentRequest {
  /** What it is about, such as "Install ComfyUI". */
  heading: string;
  /** Null for a package that runs nothing itself. */
  inspection: Inspection | null;
  /** What comes with it, since it needs that. */
  needs?: readonly NeededPackage[];
  /** Why what it needs cannot come, or null. */
  problem?: string | null;
  /** What agreeing does where a person leaves that out. */
  alone?: { verb: string; proceed(): Promise<unknown> };
  /** The button: what agreeing does. */
  verb: string;
  proceed(): Promise<unknown>;
  /** Another way to agree. */
  other?: { verb: string; title: string; proceed(): Promise<unknown> };
  /** The person does not want it; going back to where it was asked is no such answer. */
  refuse?(): void;
}

/** What the parts of one frame share, besides the host. */
export interface Frame {
  host: ViewHost;
  /** Survives a change of tabs: what was open, what was typed, what was fetched. */
  memory: Map<string, unknown>;
  goTo(tabId: string): void;
  /** Shows the question in place of the tab until it is answered. */
  askForConsent(request: ConsentRequest): void;
  /** Goes to an app's page, at one of its runs. */
  showApp(appId: AppId, runId?: RunId | null): void;
  /** Goes to where a run is looked at: its app's page, or the list of runs. */
  showRun(run: Pick<Run, "id" | "appId">): void;
  /** Opens a page; a reason why that cannot be done is shown in the notice line. */
  openPage(url: string): void;
}

const FrameContext = createContext<Frame | null>(null);

export const FrameProvider = FrameContext.Provider;

export function useFrame(): Frame {
  const frame = useContext(FrameContext);
  if (frame === null) throw new Error("This component is outside of a frame");
  return frame;
}

export const useHost = (): ViewHost => useFrame().host;

export function useConnection(): ConnectionState {
  const { client } = useHost();
  return useSyncExternalStore(client.subscribe, () => client.connection);
}

/** Whether the state that is shown is heard of: not from when the sidecar was lost until it has answered again. */
export function useIsHeard(): boolean {
  const { kind } = useConnection();
  const isHeard = useRef(true);
  if (kind !== "connecting") isHeard.current = kind === "connected";
  return isHeard.current;
}

/** Apps, runs and notices, or null before the first snapshot. */
export function useSnapshot(): Snapshot | null {
  const { client } = useHost();
  return useSyncExternalStore(client.subscribe, () => client.state);
}

/** A part of that: who asks for less is drawn anew less often. The same part has to be the same object. */
export function useSelected<Part>(select: (state: Snapshot | null) => Part): Part {
  const { client } = useHost();
  return useSyncExternalStore(client.subscribe, () => select(client.state));
}

const NO_RUNS: Snapshot["runs"] = [];

export const useRuns = (): Snapshot["runs"] => useSnapshot()?.runs ?? NO_RUNS;

/** Why nothing can be changed right now, in words for a button's title, or null when it can. */
export function useObstacle(): string | null {
  const { client, t } = useHost();
  // What is asked for is words: every button of a long list asks, and few events change them.
  return useSyncExternalStore(client.subscribe, () => {
    const { connection, state } = client;
    if (connection.kind !== "connected") return t("Not connected to PinokioCloud");
    if (state?.mode === "read-only") return state.modeReason ?? t("This home can be looked at but not changed");
    return null;
  });
}

type Redraws = Map<string, Set<() => void>>;
const redraws = new WeakMap<Frame["memory"], Redraws>();

/** Puts down what views under that key show from now on. */
export function remember(memory: Frame["memory"], key: string, value: unknown): void {
  memory.set(key, value);
  for (const redraw of redraws.get(memory)?.get(key) ?? []) redraw();
}

/** Like `useState`, but kept while another tab is shown, and the same wherever the key is the same. */
export function useRemembered<Value>(key: string, initial: Value): [Value, (value: Value) => void] {
  const { memory } = useFrame();
  const first = useRef({ key, initial });
  if (first.current.key !== key) first.current = { key, initial };
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useLayoutEffect(() => {
    const all: Redraws = redraws.get(memory) ?? new Map<string, Set<() => void>>();
    const own = all.get(key) ?? new Set();
    redraws.set(memory, all.set(key, own.add(redraw)));
    return () => void (own.delete(redraw) && own.size === 0 && all.delete(key));
  }, [memory, key]);
  const value = memory.has(key) ? (memory.get(key) as Value) : first.current.initial;
  return [value, useCallback((next: Value) => remember(memory, key, next), [memory, key])];
}

/** Which run an app's page shows: the one that was chosen, or that a person has started last; null for the app's own. */
export const pageRunKey = (appId: AppId): string => `page run ${appId}`;

/** The tab that a frame shows. */
export const TAB_KEY = "tab";

/** Whether the output of a run is open in the list of runs. */
export const outputKey = (runId: RunId): string => `output ${runId}`;

/** The time, every second while `ticking`. */
export function useNow(ticking: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!ticking) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}

/** As `useNow`, by the sidecar's clock: for times that it wrote. */
export function useSidecarNow(ticking: boolean): number {
  const isHeard = useIsHeard();
  return useNow(ticking && isHeard) + useHost().client.clockAheadMs;
}

/** A reply, kept up to date by asking again when `occasion` changes and after a reconnection. */
export interface Answer<Value> {
  value: Value | null;
  error: WireError | null;
  /** When the request in flight was sent, or null. */
  since: number | null;
  refresh(): void;
}

export function useAnswer<Name extends RequestName>(
  name: Name,
  params: ParamsOf<Name>,
  occasion = "",
): Answer<ReplyOf<Name>> {
  const { client } = useHost();
  const connected = useConnection().kind === "connected";
  const key = `answer ${name} ${JSON.stringify(params)}`;
  const { memory } = useFrame();
  // What was answered before is shown until the next answer is there.
  const [value, setValue] = useState<ReplyOf<Name> | null>(
    () => (memory.get(key) as ReplyOf<Name> | undefined) ?? null,
  );
  const [error, setError] = useState<WireError | null>(null);
  const [since, setSince] = useState<number | null>(null);
  const [round, setRound] = useState(0);

  useEffect(() => {
    if (!connected) return;
    let current = true;
    const settle = (act: () => void) => {
      if (!current) return;
      act();
      setSince(null);
    };
    setSince(Date.now());
    client.request(name, params).then(
      (reply) =>
        settle(() => {
          memory.set(key, reply);
          setValue(reply);
          setError(null);
        }),
      (reason: unknown) => settle(() => setError(toWireError(reason))),
    );
    return () => {
      current = false;
      setSince(null);
    };
    // `key` stands for the name and the parameters, which are a new object each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, connected, key, occasion, round, memory]);

  return { value, error, since, refresh: useCallback(() => setRound((before) => before + 1), []) };
}

/** Something a person started: whether it is under way, and what went wrong with it. */
export interface Action {
  busy: boolean;
  error: WireError | null;
  start(work: () => Promise<unknown>): void;
  dismiss(): void;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<WireError | null>(null);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => void (alive.current = false);
  }, []);
  const start = useCallback((work: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    work().then(
      () => alive.current && setBusy(false),
      (reason: unknown) => {
        if (!alive.current) return;
        setBusy(false);
        setError(toWireError(reason));
      },
    );
  }, []);
  return { busy, error, start, dismiss: useCallback(() => setError(null), []) };
}
