import type { SidecarClient } from "../../runtime/client/sidecar-client.js";
import { isLive, type Run } from "../../runtime/protocol/runs.js";

/** Everything a run has printed so far, as a file. What is gone is said where it was. */
export function collectOutput(
  client: SidecarClient,
  run: Run,
  options: { gapText(bytes: number): string; onProgress(bytes: number): void; signal: AbortSignal },
): Promise<Blob> {
  const { gapText, onProgress, signal } = options;
  const parts = new LargeBlob();
  // A live run has no end: what it has printed when it is opened is all of it.
  let size = Infinity;
  let reached = 0;
  return new Promise((resolve, reject) => {
    const finish = () => {
      output.close();
      resolve(parts.whole());
    };
    const come = (to: number) => {
      reached = to;
      if (reached >= size) finish();
    };
    const output = client.openOutput(run.id, {
      onOpened: (_, written) => {
        if (size === Infinity && isLive(run)) size = written;
        come(reached);
      },
      onBytes: (bytes, offset) => {
        parts.add(bytes.slice(0, Math.max(0, size - offset)));
        onProgress(offset + bytes.length);
        come(offset + bytes.length);
      },
      onGap: (from, to) => {
        parts.add(`\n… ${gapText(to - from)} …\n`);
        come(to);
      },
      onEnd: finish,
      onError: reject,
    });
    signal.addEventListener("abort", () => {
      output.close();
      reject(signal.reason as Error);
    });
  });
}

const BLOB_BYTES = 8 * 1024 * 1024;

/** Made of blobs that the browser keeps elsewhere, so that a long log does not fill the page's own memory. */
class LargeBlob {
  #blobs: Blob[] = [];
  #loose: BlobPart[] = [];
  #looseBytes = 0;

  add(part: Uint8Array<ArrayBuffer> | string): void {
    this.#loose.push(part);
    this.#looseBytes += part.length;
    if (this.#looseBytes < BLOB_BYTES) return;
    this.#blobs.push(new Blob(this.#loose));
    this.#loose = [];
    this.#looseBytes = 0;
  }

  whole(): Blob {
    return new Blob([...this.#blobs, ...this.#loose], { type: "text/plain" });
  }
}

/** Such as `comfyui-start.js-20260131-0412.log`. */
export const logFileName = ({ script, startedAt }: Run): string =>
  `${script.replace(/[^\w.-]+/g, "-")}-${startedAt.slice(0, 16).replace(/[-:]/g, "").replace("T", "-")}.log`;

/** Hands a file to the browser, as a link to it does. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
