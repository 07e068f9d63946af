import { createBirpc } from "birpc";
import { createMemoryTransport, type MemoryPeer } from "../../src/runtime/client/memory-transport.js";
import { applyEvent } from "../../src/runtime/client/store.js";
import type { Transport } from "../../src/runtime/client/transport.js";
import { type AppSettings, type AppSettingsNow, memoryBytesOf } from "../../src/runtime/protocol/app-settings.js";
import type { Inspection } from "../../src/runtime/protocol/apps.js";
import { toWireError, type WireError } from "../../src/runtime/protocol/errors.js";
import { SidecarEvent, Snapshot } from "../../src/runtime/protocol/events.js";
import { ClientFrame, type Frame, packOutput, ServerFrame } from "../../src/runtime/protocol/frames.js";
import { AppId, type RunId, type StreamId } from "../../src/runtime/protocol/ids.js";
import type { Machine, StorageUse } from "../../src/runtime/protocol/machine.js";
import { type CheckedParamsOf, type ReplyOf, REQUESTS, type RequestName } from "../../src/runtime/protocol/requests.js";
import type { SidecarStatus } from "../../src/runtime/protocol/sidecar.js";
import type { CatalogSourceState, FoundPackage } from "../../src/runtime/protocol/packages.js";
import type { RunSteps } from "../../src/runtime/protocol/steps.js";
import type { LimitList, SettingsForm } from "../../src/runtime/protocol/system.js";
import type { Usage } from "../../src/runtime/protocol/usage.js";
import { PROTOCOL } from "../../src/runtime/protocol/version.js";

type Handlers = { [Name in RequestName]?: (params: CheckedParamsOf<Name>) => ReplyOf<Name> | Promise<ReplyOf<Name>> };

/**
 * A sidecar in memory that speaks the real protocol and does what the test says. Everything in and out goes through
 * the schemas, so a test cannot rely on what the protocol does not allow.
 */
export class MemorySidecar {
  readonly transport: Transport;
  /** Requests in the order they came. */
  readonly requests: { name: RequestName; params: unknown }[] = [];
  /** Answers instead of the standard ones; throwing a `PinokioError` refuses. */
  readonly handlers: Handlers = {};
  state: Snapshot = {
    apps: [],
    runs: [],
    jobs: [],
    environments: { changes: 0, active: null },
    notices: [],
    mode: "full",
    modeReason: null,
  };
  catalog: FoundPackage[] = [];
  sources: CatalogSourceState[] = [];
  machine: Machine = MACHINE;
  storage: StorageUse = STORAGE;
  usage: Usage = USAGE;
  settings: SettingsForm["sections"] = [];
  limits: LimitList = LIMITS;
  readonly steps = new Map<RunId, RunSteps>();
  status: SidecarStatus = STATUS;
  /** When set, new connections are refused with it. */
  refusal: WireError | null = null;
  #connections = new Set<Connection>();
  #outputs = new Map<RunId, { bytes: Uint8Array; over: boolean }>();
  #gone = new Map<RunId, number>();
  #seq = 0;

  constructor() {
    this.transport = createMemoryTransport((peer) => {
      const connection = new Connection(peer, this);
      this.#connections.add(connection);
      peer.onClosed(() => this.#connections.delete(connection));
    });
  }

  /** Changes the state and tells every client. */
  emit(event: SidecarEvent): void {
    this.state = applyEvent(this.state, SidecarEvent.parse(event));
    this.#seq++;
    for (const connection of this.#connections) connection.send({ t: "event", seq: this.#seq, event });
  }

  /** Ends every connection, as a lost network does. */
  drop(message: string): void {
    for (const { peer } of this.#connections) peer.drop(message);
    this.#connections.clear();
  }

  /** Ends as a real sidecar does: with a word to everybody. */
  end(reason: string, asked: boolean): void {
    for (const connection of this.#connections) connection.send({ t: "bye", reason, asked });
    this.drop("The sidecar ended or closed the connection");
  }

  get seq(): number {
    return this.#seq;
  }

  /** Of outputs, to all clients. */
  bytesSent = 0;

  /** Appends to what a run printed. */
  print(runId: RunId, text: string): void {
    const before = this.outputOf(runId);
    const added = new TextEncoder().encode(text);
    const bytes = new Uint8Array(before.bytes.length + added.length);
    bytes.set(before.bytes);
    bytes.set(added, before.bytes.length);
    this.#outputs.set(runId, { ...before, bytes });
    for (const connection of this.#connections) connection.pump();
  }

  /** The first bytes of what a run printed are gone. */
  forgetOutput(runId: RunId, bytes: number): void {
    this.#gone.set(runId, bytes);
  }

  goneOf(runId: RunId): number {
    return this.#gone.get(runId) ?? 0;
  }

  endOutput(runId: RunId): void {
    this.#outputs.set(runId, { ...this.outputOf(runId), over: true });
    for (const connection of this.#connections) connection.pump();
  }

  outputOf(runId: RunId): { bytes: Uint8Array; over: boolean } {
    return this.#outputs.get(runId) ?? { bytes: new Uint8Array(), over: false };
  }

  async answer(name: RequestName, params: unknown): Promise<unknown> {
    this.requests.push({ name, params });
    const handler = this.handlers[name] ?? this.#standard[name];
    if (handler === undefined) throw new Error(`This memory sidecar does not know ${name}`);
    return REQUESTS[name].reply.parse(await (handler as (params: unknown) => unknown)(params));
  }

  /** Parameters of every request of that name. */
  asked<Name extends RequestName>(name: Name): CheckedParamsOf<Name>[] {
    return this.requests
      .filter((request) => request.name === name)
      .map(({ params }) => params as CheckedParamsOf<Name>);
  }

  readonly #standard: Handlers = {
    "sidecar.status": () => this.status,
    "sidecar.down": () => ({ stopped: [] }),
    "machine.facts": () => this.machine,
    "storage.use": () => this.storage,
    "catalog.search": ({ text, after, most }) => {
      const found = this.catalog
        .filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
        .map((one) => ({ ...one, installed: this.state.apps.find(({ id }) => id === one.id)?.id ?? one.installed }));
      const counts: ReplyOf<"catalog.search">["counts"] = {};
      for (const { category } of found) counts[category] = (counts[category] ?? 0) + 1;
      return {
        packages: found.slice(after, after + most),
        total: found.length,
        size: this.catalog.length,
        counts,
        tags: [],
        pasted: null,
        withoutFilters: found.length,
        near: [],
      };
    },
    "catalog.sources": () => this.sources,
    "apps.list": () => this.state.apps,
    "apps.unfinished": () => ({ app: null }),
    "apps.fetch": () => ({ job: null }),
    "apps.refuse": () => ({}),
    "apps.inspect": ({ source }) => inspectionOf(source),
    "apps.settings": ({ app }) => settingsOf(this.state.apps.find(({ id }) => id === app)?.settings ?? {}),
    "settings.form": () => ({ file: "/home/ada/pinokiocloud/settings.json", sections: this.settings }),
    "settings.set": ({ changes }) => {
      for (const { field, value } of changes) {
        for (const one of this.settings.flatMap(({ fields }) => fields)) {
          if (one.id === field) Object.assign(one, { value, changed: value !== (one.default ?? null) });
        }
      }
      this.emit({ type: "settings-changed" });
      return { file: "/home/ada/pinokiocloud/settings.json", sections: this.settings };
    },
    "limits.list": () => this.limits,
    "config.secrets": () => [],
    "firstSteps.change": ({ isOver, policyRead }) => {
      const { firstSteps = { isOver: true, policy: null } } = this.state;
      const policy = policyRead === firstSteps.policy?.id ? null : firstSteps.policy;
      const next = { isOver: isOver ?? firstSteps.isOver, policy };
      this.emit({ type: "first-steps-changed", firstSteps: next });
      return next;
    },
    "packages.list": () => [],
    "packages.cameWith": () => [],
    "trash.list": () => [],
    "models.list": () => ({ models: [], families: [], duplicates: [], isCut: false }),
    "storage.freeable": () => ({ items: [], at: "2026-01-01T00:00:00.000Z" }),
    "environments.list": () => ({ environments: [], active: this.state.environments.active }),
    "runs.list": () => this.state.runs,
    "runs.answer": () => ({}),
    "runs.diagnose": () => null,
    "runs.steps": ({ runId }) => this.steps.get(runId) ?? null,
    "usage.now": () => ({ ...this.usage, at: new Date().toISOString() }),
    "usage.history": () => ({ at: [], cpu: [], memoryBytes: [], gpuMemoryBytes: [] }),
    "notices.dismiss": ({ id }) => {
      this.emit({ type: "notices-changed", notices: this.state.notices.filter((notice) => notice.id !== id) });
      return {};
    },
  };
}

/** One client, from its `hello` on. */
class Connection {
  readonly peer: MemoryPeer;
  readonly #sidecar: MemorySidecar;
  readonly #streams = new Map<StreamId, { runId: RunId; next: number; credit: number }>();
  #call: (message: unknown) => void = () => undefined;

  constructor(peer: MemoryPeer, sidecar: MemorySidecar) {
    this.peer = peer;
    this.#sidecar = sidecar;
    createBirpc(
      {},
      {
        post: (message) => peer.send(JSON.stringify(message)),
        on: (receive) => (this.#call = receive),
        resolver: (name) => (params: unknown) => this.#answer(name as RequestName, params),
      },
    );
    peer.onFrame((frame) => this.#receive(frame));
  }

  send(frame: ServerFrame): void {
    this.peer.send(JSON.stringify(ServerFrame.parse(frame)));
  }

  /** Sends as much output as there is credit for. */
  pump(): void {
    for (const [id, stream] of this.#streams) {
      const { bytes, over } = this.#sidecar.outputOf(stream.runId);
      const gone = this.#sidecar.goneOf(stream.runId);
      if (stream.next < gone) {
        this.send({ t: "gap", stream: id, from: stream.next, to: gone });
        stream.next = gone;
      }
      const end = Math.min(bytes.length, stream.next + stream.credit);
      if (end > stream.next) {
        this.peer.send(packOutput(id, stream.next, bytes.subarray(stream.next, end)));
        stream.credit -= end - stream.next;
        this.#sidecar.bytesSent += end - stream.next;
        stream.next = end;
      }
      if (over && stream.next === bytes.length) {
        this.#streams.delete(id);
        this.send({ t: "end", stream: id, offset: stream.next });
      }
    }
  }

  #receive(frame: Frame): void {
    const message: unknown = JSON.parse(frame as string);
    if (typeof message === "object" && message !== null && "t" in message && message.t === "q")
      return this.#call(message);
    const told = ClientFrame.parse(message);
    if (told.t === "hello") this.#welcome();
    if (told.t === "ping") this.send({ t: "pong" });
    if (told.t === "credit") {
      const stream = this.#streams.get(told.stream);
      if (stream !== undefined) stream.credit += told.bytes;
      this.pump();
    }
  }

  #welcome(): void {
    const { refusal, state, status, seq } = this.#sidecar;
    if (refusal !== null) return this.send({ t: "refused", error: refusal });
    const { version, home } = status;
    this.send({ t: "welcome", protocol: PROTOCOL, version, home, epoch: "memory", now: Date.now(), mode: state.mode });
    this.send({ t: "snapshot", seq, state: Snapshot.parse(state) });
  }

  async #answer(name: RequestName, params: unknown): Promise<unknown> {
    try {
      const checked = REQUESTS[name].params.parse(params);
      if (name === "output.open")
        return { ok: true, value: this.#openOutput(checked as CheckedParamsOf<"output.open">) };
      if (name === "output.close") {
        this.#streams.delete((checked as CheckedParamsOf<"output.close">).stream);
        return { ok: true, value: {} };
      }
      return { ok: true, value: await this.#sidecar.answer(name, checked) };
    } catch (error) {
      return { ok: false, error: toWireError(error) };
    }
  }

  #openOutput({ stream, runId, offset, credit }: CheckedParamsOf<"output.open">): ReplyOf<"output.open"> {
    const size = this.#sidecar.outputOf(runId).bytes.length;
    const start = offset < 0 ? Math.max(0, size + offset) : Math.min(offset, size);
    this.#streams.set(stream, { runId, next: start, credit });
    // The reply comes first.
    setTimeout(() => this.pump());
    return { offset: start, size };
  }
}

/** What holds because of these settings, where the system enforces limits. */
export function settingsOf(settings: AppSettings): AppSettingsNow {
  const { memory, disk, cpu = null, nice = 0, stopGraceSeconds = 10, restart } = settings;
  return {
    settings,
    holds: {
      memoryBytes: memory === undefined ? null : memoryBytesOf(memory),
      diskBytes: disk === undefined ? null : memoryBytesOf(disk),
      cpu,
      nice,
      stopGraceSeconds,
      restartMost: restart?.onFailure === true ? (restart.most ?? 5) : null,
    },
    diskUsedBytes: null,
    enforced: { memory: "cgroup", cpu: "cgroup" },
    runs: [],
  };
}

const GB = 1024 ** 3;

const MACHINE: Machine = {
  platform: "local",
  platformLabel: "This computer",
  keeps: "Everything stays on this computer.",
  rules: [],
  policy: null,
  vault: null,
  os: "Debian 12",
  arch: "x64",
  cpu: "Some processor",
  cores: 8,
  memoryBytes: 16 * GB,
  gpus: [],
  python: "3.12.4",
  disk: { path: "/home/ada", freeBytes: 41 * GB, totalBytes: 100 * GB },
};

const STORAGE: StorageUse = {
  disk: { freeBytes: 41 * GB, totalBytes: 100 * GB },
  kinds: [
    { kind: "apps", label: "Apps", path: "/home/ada/pinokiocloud/api", bytes: 3 * GB },
    { kind: "environments", label: "Environments", path: "/home/ada/pinokiocloud/envs", bytes: 6 * GB },
  ],
};

const LIMITS: LimitList = {
  machine: { memoryBytes: 16 * GB, cores: 8, diskFreeBytes: 41 * GB, diskTotalBytes: 100 * GB },
  diskWarningBytes: 3 * GB,
  enforced: { memory: "cgroup", cpu: "watched" },
  everyApp: {},
  apps: [],
};

const USAGE: Usage = {
  at: "2026-01-01T00:00:00.000Z",
  cpu: { used: 2.1, cores: 8 },
  memory: { usedBytes: 7.2 * GB, totalBytes: 16 * GB },
  disk: { freeBytes: 41 * GB, totalBytes: 100 * GB },
  network: { in: null, out: null },
  gpus: [],
  runs: {},
};

const STATUS: SidecarStatus = {
  version: "0.1.0",
  protocol: PROTOCOL,
  pid: 4242,
  node: "24.0.0",
  home: "/home/ada/pinokiocloud",
  startedAt: "2026-01-01T00:00:00.000Z",
  mode: "full",
  modeReason: null,
  clients: 1,
  liveRuns: 0,
  memoryBytes: 60 * 1024 ** 2,
  logFile: "/home/ada/pinokiocloud/logs/sidecar.log",
  idleMinutes: 30,
};

export const inspectionOf = (source: string, change: Partial<Inspection> = {}): Inspection => ({
  source,
  name: AppId.parse("hello"),
  title: "Hello",
  description: "Says hello",
  installers: [],
  fingerprint: "f00dfeedf00dfeed",
  commit: null,
  agreed: false,
  installed: false,
  scripts: [
    { path: "install.json", commands: ["python -m venv env"], problem: null },
    { path: "start.json", commands: ["python app.py"], problem: null },
  ],
  ...change,
});
