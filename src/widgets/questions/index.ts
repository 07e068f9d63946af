import { formQuestion } from "./form.js";
import { modalQuestion } from "./modal.js";
import { pasteQuestion } from "./paste.js";
import { pathQuestion } from "./path.js";
import type { QuestionKind } from "./question-kind.js";
import { windowQuestion } from "./window.js";

const kinds: readonly QuestionKind[] = [formQuestion, modalQuestion, windowQuestion, pathQuestion, pasteQuestion];

/** What no kind knows is asked as a form: its words, its fields if it has some, and a button. */
export const kindOf = (method: string): QuestionKind =>
  kinds.find(({ methods }) => methods.includes(method)) ?? formQuestion;
