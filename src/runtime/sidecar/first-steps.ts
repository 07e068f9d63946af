import { existsSync } from "node:fs";
import * as z from "zod";
import { StateFile } from "../base/state-file.js";
import type { Platform } from "../platforms/platform.js";
import type { FirstSteps } from "../protocol/system.js";
import type { News } from "./news.js";

const VERSION = 1;

const Kept = z.object({
  version: z.literal(VERSION),
  isOver: z.boolean(),
  /** Ids of the policies that a person has read. */
  read: z.array(z.string()).default([]),
});

interface FirstStepsOptions {
  /** `library/first-steps.json`. */
  file: string;
  mayWrite: boolean;
  policy: Platform["policy"];
  /** Whoever has apps needs no first steps. */
  hasApps(): boolean;
  news: Pick<News, "events" | "warn">;
}

/** How far a person is with the first minutes: kept in the home, so that nobody is asked twice. */
export class FirstMinutes {
  readonly #options: FirstStepsOptions;
  readonly #file: StateFile<typeof Kept>;

  constructor(options: FirstStepsOptions) {
    const { file, mayWrite, hasApps, news } = options;
    this.#options = options;
    this.#file = new StateFile({
      path: file,
      version: VERSION,
      schema: Kept,
      // Until something is written, what is there says whether somebody is new here.
      empty: { version: VERSION, isOver: !mayWrite || hasApps(), read: [] },
      mayWrite,
      onProblem: news.warn,
    });
  }

  now(): FirstSteps {
    const { policy } = this.#options;
    this.#file.look();
    const { isOver, read } = this.#file.value;
    return { isOver, policy: policy === undefined || read.includes(policy.id) ? null : policy };
  }

  /** There is an app: from now on that, or that there is none any more, says nothing about who is new here. */
  noteApp(): void {
    const { file, mayWrite } = this.#options;
    if (!mayWrite || existsSync(file)) return;
    try {
      this.#write((kept) => ({ ...kept }));
    } catch {
      // A disk that is full says so elsewhere, and the next change of an app tries again.
    }
  }

  change({ isOver, policyRead }: { isOver?: boolean | undefined; policyRead?: string | undefined }): FirstSteps {
    this.#write((kept) => ({
      ...kept,
      ...(isOver === undefined ? {} : { isOver }),
      ...(policyRead === undefined || kept.read.includes(policyRead) ? {} : { read: [...kept.read, policyRead] }),
    }));
    return this.now();
  }

  #write(make: (kept: z.infer<typeof Kept>) => z.infer<typeof Kept>): void {
    this.#file.change(make);
    this.#options.news.events.publish({ type: "first-steps-changed", firstSteps: this.now() });
  }
}
