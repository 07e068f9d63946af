import { DISMISSED, readWindow, windowAnswer } from "../../runtime/protocol/questions.js";
import { WindowPaper } from "../told/window-paper.js";
import type { QuestionKind, QuestionProps } from "./question-kind.js";

/** A window of the script with buttons, one of which it waits for. */
export const windowQuestion: QuestionKind = {
  methods: ["htmlmodal.open", "htmlmodal.update"],
  View: ({ run, question, obstacle, busy, answer }: QuestionProps) => {
    const id = windowId(question.params);
    // A change names only what it changes; the whole is what the run shows.
    const shown = run.shown?.windows.find((window) => window.id === id);
    return (
      <WindowPaper
        window={readWindow(shown?.params ?? question.params)}
        obstacle={obstacle}
        busy={busy}
        onAction={(action) => answer(windowAnswer(action))}
        onDismiss={() => answer(DISMISSED)}
      />
    );
  },
};

export function windowId(params: unknown): string {
  const id: unknown = typeof params === "object" && params !== null && "id" in params ? params.id : undefined;
  return typeof id === "string" ? id : "";
}
