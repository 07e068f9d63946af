import { useId } from "react";
import { useHost, useRemembered } from "../host.js";
import { Button } from "../parts/button.js";
import type { QuestionKind, QuestionProps } from "./question-kind.js";

/** A page may hardly ever read the clipboard by itself: a person pastes. */
export const pasteQuestion: QuestionKind = { methods: ["clipboard.paste"], View: PasteQuestion };

function PasteQuestion({ question, obstacle, busy, answer }: QuestionProps) {
  const { t } = useHost();
  const id = useId();
  const [text, setText] = useRemembered(`paste ${question.id}`, "");
  const canRead = typeof navigator.clipboard?.readText === "function";
  return (
    <form
      className="pk-ask-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (obstacle === null && !busy) answer(text);
      }}
    >
      <div className="pk-ask-field">
        <label htmlFor={id}>{t("The text on your clipboard")}</label>
        <textarea id={id} rows={3} value={text} onChange={(event) => setText(event.target.value)} />
      </div>
      <div className="pk-actions">
        <Button kind="primary" submits obstacle={obstacle} busy={busy} onPress={() => undefined}>
          {t("Send")}
        </Button>
        {canRead ? (
          <Button
            icon="copy"
            obstacle={obstacle}
            onPress={() => void navigator.clipboard.readText().then(setText, () => undefined)}
          >
            {t("Paste")}
          </Button>
        ) : null}
      </div>
    </form>
  );
}
