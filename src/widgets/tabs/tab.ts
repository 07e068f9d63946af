import type { ComponentType } from "react";
import type { IconName } from "../parts/icon.js";

/** One view of the frame. Implementations are the sibling files, listed in `index.ts`. */
export interface Tab {
  readonly id: string;
  /** In English; shown translated. */
  readonly label: string;
  readonly icon: IconName;
  readonly View: ComponentType;
}
