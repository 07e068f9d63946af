import type { App } from "../../runtime/protocol/apps.js";
import { sheetKey } from "../changes/app-changes.js";
import { useFrame } from "../host.js";

export type AppChange = "update" | "reset" | "uninstall";

/** Goes to the app's page, where it is said what the change would do before anything is done. */
export function useChange(): (app: App, change: AppChange) => void {
  const { memory, showApp } = useFrame();
  return (app, change) => {
    memory.set(sheetKey(app.id), change);
    showApp(app.id);
  };
}
