import type { Question } from "../protocol/runs.js";
import { toPlainData } from "../base/plain-data.js";
import type { SidecarRequests } from "./sidecar-requests.js";

export interface QuestionsOptions {
  runId: string;
  requests: SidecarRequests;
  signal: AbortSignal;
  /** Resolves once what the script printed before can be read: an answer is typed below it. */
  printed(): Promise<unknown>;
  /** The open questions, whenever they change. */
  onChanged(open: Question[]): void;
}

/** What this run's steps ask a person. */
export class Questions {
  readonly #options: QuestionsOptions;
  readonly #open = new Map<string, { question: Question; answer(value: unknown): void }>();
  #asked = 0;

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  /** Resolves with an answer that was given beforehand, else with a person's, whenever that comes. */
  async ask(kind: string, params: unknown): Promise<unknown> {
    const { requests, signal, runId, printed } = this.#options;
    const id = `${runId}-${++this.#asked}`;
    const given = await requests.ask("answer", { key: id });
    if (given.found) return given.value;
    await printed();
    signal.throwIfAborted();
    const question: Question = { id, kind, params: toPlainData(params) ?? null, askedAt: new Date().toISOString() };
    try {
      return await new Promise((resolve, reject) => {
        this.#open.set(id, { question, answer: resolve });
        signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
        this.#tell();
      });
    } finally {
      this.#open.delete(id);
      this.#tell();
    }
  }

  answer(id: string, value: unknown): void {
    this.#open.get(id)?.answer(value);
  }

  #tell(): void {
    this.#options.onChanged([...this.#open.values()].map(({ question }) => question));
  }
}
