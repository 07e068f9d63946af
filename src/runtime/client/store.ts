import type { SidecarEvent, Snapshot } from "../protocol/events.js";

/** What a snapshot becomes when an event happens. Lists keep their order, so that nothing jumps on a screen. */
export function applyEvent(state: Snapshot, event: SidecarEvent): Snapshot {
  switch (event.type) {
    case "app-changed":
      return { ...state, apps: replaceOrAdd(state.apps, event.app) };
    case "app-removed":
      return { ...state, apps: state.apps.filter(({ id }) => id !== event.appId) };
    case "run-changed":
      return { ...state, runs: replaceOrAdd(state.runs, event.run) };
    case "run-removed":
      return { ...state, runs: state.runs.filter(({ id }) => id !== event.runId) };
    case "job-changed":
      return { ...state, jobs: replaceOrAdd(state.jobs, event.job) };
    case "job-removed":
      return { ...state, jobs: state.jobs.filter(({ id }) => id !== event.jobId) };
    case "environments-changed":
      return { ...state, environments: event.environments };
    case "shelf-changed":
      return { ...state, shelf: event.shelf };
    case "catalog-changed":
      return { ...state, catalogRound: event.round };
    case "first-steps-changed":
      return { ...state, firstSteps: event.firstSteps };
    case "notices-changed":
      return { ...state, notices: event.notices };
    case "run-told":
    case "config-changed":
    case "settings-changed":
      return state; // it is for the moment
    case "mode-changed":
      return { ...state, mode: event.mode, modeReason: event.modeReason };
  }
}

function replaceOrAdd<Item extends { readonly id: string }>(items: readonly Item[], item: Item): Item[] {
  const at = items.findIndex(({ id }) => id === item.id);
  return at === -1 ? [...items, item] : items.map((other) => (other.id === item.id ? item : other));
}
