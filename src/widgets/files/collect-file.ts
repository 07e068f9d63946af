import type { SidecarClient } from "../../runtime/client/sidecar-client.js";
import type { AppFilePart } from "../../runtime/protocol/app-files.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import { APP_FILES } from "../../runtime/protocol/limits.js";
import { shownFile } from "./file-kinds.js";

interface FileOrder {
  client: SidecarClient;
  app: AppId;
  path: string;
}

/** The beginning of a file of an app. */
export async function fileStart({ client, app, path }: FileOrder): Promise<{ part: AppFilePart; bytes: Bytes }> {
  const part = await client.request("apps.readFile", { app, path, offset: 0, most: APP_FILES.readBytes });
  return { part, bytes: bytesOf(part) };
}

/** Parts that are on their way together: a line that takes its time to answer is kept busy. */
const AT_ONCE = 4;

/** A whole file of an app, part by part; rejects when it changes meanwhile. */
export async function collectFile(
  order: FileOrder,
  { onProgress, signal }: { onProgress(bytes: number): void; signal: AbortSignal },
): Promise<{ content: Blob; isHidden: boolean }> {
  const { client, app, path } = order;
  const first = await fileStart(order);
  const { size, version } = first.part;
  const waiting: Promise<AppFilePart>[] = [];
  let asked = first.bytes.length;
  const ask = () => {
    if (asked >= size || signal.aborted) return;
    const part = client.request("apps.readFile", { app, path, offset: asked, most: APP_FILES.readBytes, version });
    part.catch(() => undefined); // told where it is waited for
    waiting.push(part);
    asked += APP_FILES.readBytes;
  };
  for (let count = 0; count < AT_ONCE; count++) ask();

  // The browser keeps blobs elsewhere: a large file does not fill the page's own memory.
  const blobs = [new Blob([first.bytes])];
  let { isHidden } = first.part;
  let loaded = first.bytes.length;
  onProgress(loaded);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const part = await next;
    if (signal.aborted) throw signal.reason as Error;
    ask();
    const bytes = bytesOf(part);
    blobs.push(new Blob([bytes]));
    isHidden ||= part.isHidden;
    loaded += bytes.length;
    onProgress(loaded);
  }
  if (signal.aborted) throw signal.reason as Error;
  return { content: new Blob(blobs, { type: shownFile(path)?.type ?? "application/octet-stream" }), isHidden };
}

type Bytes = Uint8Array<ArrayBuffer>;

function bytesOf({ bytes }: AppFilePart): Bytes {
  const letters = atob(bytes);
  const found = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) found[at] = letters.charCodeAt(at);
  return found;
}
