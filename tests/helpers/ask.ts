import { screen, waitFor } from "@testing-library/dom";
import { expect } from "@jest/globals";
import type { Run } from "../../src/runtime/protocol/runs.js";
import { sampleApp, sampleRun } from "./samples.js";
import { openTab, showView, type ShownView } from "./show-view.js";

export interface Asked extends ShownView {
  run: Run;
  /** Where the question stands. */
  place: HTMLElement;
  /** Resolves with what was sent. */
  answered(): Promise<unknown>;
}

/** Shows a run that asks, in the list of what runs. */
export async function ask(
  kind: string,
  params: unknown,
  prepare?: (view: ShownView["sidecar"]) => void,
): Promise<Asked> {
  const question = { id: "q1", kind, params, askedAt: "2026-01-01T00:00:00.000Z" };
  const run = sampleRun({ questions: [question] });
  const view = showView((sidecar) => {
    sidecar.state.apps.push(sampleApp());
    sidecar.state.runs.push(run);
    prepare?.(sidecar);
  });
  await openTab("Running");
  const place = await screen.findByRole("region", { name: "start.json asks" });
  return {
    ...view,
    run,
    place,
    answered: async () => {
      await waitFor(() => expect(view.sidecar.asked("runs.answer")).toHaveLength(1));
      const [sent] = view.sidecar.asked("runs.answer");
      expect(sent).toMatchObject({ runId: run.id, question: "q1" });
      return sent?.value;
    },
  };
}

/** Types as a person does: React hears of it. */
export function fill(element: HTMLElement, value: string): void {
  const owner = Object.getPrototypeOf(element) as object;
  Object.getOwnPropertyDescriptor(owner, "value")?.set?.call(element, value);
  element.dispatchEvent(new Event(element instanceof HTMLSelectElement ? "change" : "input", { bubbles: true }));
}
