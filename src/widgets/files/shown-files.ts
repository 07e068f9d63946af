import { useCallback } from "react";
import type { AppId } from "../../runtime/protocol/ids.js";
import { remember, useFrame } from "../host.js";

/** Names of what a view remembers of an app's files. */
export const filesKeys = (app: AppId) => ({
  isOpen: `files open ${app}`,
  folder: `files folder ${app}`,
  opened: `files opened ${app}`,
  /** Counts how often somebody was led there. */
  led: `files led ${app}`,
  /** Whether they are part of what is shown. */
  isHere: `files here ${app}`,
});

interface FilePlace {
  folder: string;
  file: string | null;
}

let count = 0;

/** Leads to a folder or a file of an app, on its page. */
export function useShowFiles(): (app: AppId, place: FilePlace) => void {
  const { memory, showApp } = useFrame();
  return useCallback(
    (app, { folder, file }) => {
      const keys = filesKeys(app);
      remember(memory, keys.isOpen, true);
      remember(memory, keys.folder, folder);
      remember(memory, keys.opened, file);
      remember(memory, keys.led, ++count);
      if (memory.get(keys.isHere) !== true) showApp(app);
    },
    [memory, showApp],
  );
}
