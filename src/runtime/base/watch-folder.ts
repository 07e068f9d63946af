import { watch } from "node:fs";

/**
 * Tells when something comes into a folder or goes. Some systems cannot tell, such as drives of another machine: then it
 * is never called. Returns how to end it.
 */
export function watchFolder(folder: string, onChange: () => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, (event) => {
      if (event === "rename") onChange();
    });
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => undefined; // more folders are watched than the system allows, or it is gone
  }
}
