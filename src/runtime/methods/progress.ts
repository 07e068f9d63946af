import { sizeText } from "../protocol/sizes.js";
import type { MethodContext } from "./method.js";

const SAY_EVERY_MS = 1_000;

/** Shows on the screen how a download goes on. */
export class DownloadProgress {
  readonly #name: string;
  readonly #context: MethodContext;
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(url: string, context: MethodContext) {
    this.#name = url;
    this.#context = context;
    context.note(`Downloading ${url}\r\n`);
  }

  readonly handlers = {
    onProgress: (bytes: number, total: number | null): void => {
      const now = performance.now();
      if (now - this.#saidAt < SAY_EVERY_MS) return;
      this.#saidAt = now;
      const share =
        total === null || total === 0 ? "" : ` of ${sizeText(total)} (${Math.floor((100 * bytes) / total)} %)`;
      this.#context.note(`\r\x1b[K${sizeText(bytes)}${share}`);
      this.#context.tell("progress", { label: this.#name, bytes, total });
    },
    onRetry: (why: string, waitMs: number): void => {
      this.#context.note(`\r\n${why}; trying again in ${waitMs / 1000} s\r\n`);
    },
  };

  end(bytes: number): void {
    this.#context.note(`\r\x1b[K${sizeText(bytes)} downloaded\r\n`);
  }
}
