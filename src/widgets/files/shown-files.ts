import { useCallback } from "react";
import type { AppId } from "../../runtime/protocol/ids.js";
import { remember, useFrame } from "../host.js";
import { leadTo } from "../led-to.js";

/** Names of what a view remembers of an app's files. */
export const filesKeys = (app: AppId) => ({
  folder: `files folder ${app}`,
  opened: `files opened ${app}`,
  /** Whether they are part of what is shown. */
  isHere: `files here ${app}`,
});

interface FilePlace {
  folder: string;
  file: string | null;
}

/** Leads to a folder or a file of an app, on its page. */
export function useShowFiles(): (app: AppId, place: FilePlace) => void {
  const { memory, showApp } = useFrame();
  return useCallback(
    (app, { folder, file }) => {
      const keys = filesKeys(app);
      remember(memory, keys.folder, folder);
      remember(memory, keys.opened, file);
      leadTo(memory, "files", app);
      if (memory.get(keys.isHere) !== true) showApp(app);
    },
    [memory, showApp],
  );
}
