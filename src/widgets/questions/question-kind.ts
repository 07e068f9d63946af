import type { ComponentType } from "react";
import type { Question, Run } from "../../runtime/protocol/runs.js";

export interface QuestionProps {
  run: Run;
  question: Question;
  /** Why nothing can be answered now, or null. */
  obstacle: string | null;
  busy: boolean;
  answer(value: unknown): void;
}

/** How some methods ask. Implementations are the sibling files, listed in `index.ts`. */
export interface QuestionKind {
  readonly methods: readonly string[];
  readonly View: ComponentType<QuestionProps>;
}
