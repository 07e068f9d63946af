/** How far a sidecar is on its way out; it never turns back. */
export interface Phase {
  /** Everything that runs is being stopped: what clients start meanwhile would be left behind. */
  isStoppingRuns: boolean;
  isEnding: boolean;
}

export const newPhase = (): Phase => ({ isStoppingRuns: false, isEnding: false });
