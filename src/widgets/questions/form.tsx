import { useId, useRef, useState } from "react";
import {
  type FieldValue,
  formAnswer,
  type FormField,
  initialValues,
  missingIn,
  readForm,
} from "../../runtime/protocol/questions.js";
import { useHost, useRemembered } from "../host.js";
import { Button } from "../parts/button.js";
import { Field } from "./field.js";
import { AskHead } from "./head.js";
import type { QuestionKind, QuestionProps } from "./question-kind.js";

export const formQuestion: QuestionKind = { methods: ["input", "hf.login"], View: FormQuestion };

function FormQuestion({ question, obstacle, busy, answer }: QuestionProps) {
  const { t } = useHost();
  const formId = useId();
  const element = useRef<HTMLFormElement>(null);
  const form = readForm(question.params);
  const [values, setValues] = useRemembered<Record<string, FieldValue>>(`form ${question.id}`, initialValues(form));
  /** Of what was sent: filled in by now, a field lacks nothing. */
  const [lacked, setLacked] = useState<readonly string[]>([]);
  const empty = missingIn(form, values);
  const missing = lacked.filter((key) => empty.includes(key));
  const idOf = (field: FormField): string => `${formId}-${form.fields.indexOf(field)}`;
  const heading = form.isSingle ? "" : form.title;

  const submit = () => {
    setLacked(empty);
    const first = form.fields.find(({ key }) => empty.includes(key));
    if (first === undefined) answer(formAnswer(form, values));
    else element.current?.querySelector<HTMLElement>(`[id="${idOf(first)}"]`)?.focus();
  };

  return (
    <form
      ref={element}
      className="pk-ask-form"
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        if (obstacle === null && !busy) submit();
      }}
    >
      <AskHead title={heading} description={form.description} />
      {form.fields.map((field, index) =>
        field.type === "hidden" ? null : (
          <Field
            key={index}
            id={idOf(field)}
            field={field}
            value={values[field.key] ?? null}
            isMissing={missing.includes(field.key)}
            onChange={(value) => setValues({ ...values, [field.key]: value })}
          />
        ),
      )}
      <div className="pk-actions">
        <Button kind="primary" submits obstacle={obstacle} busy={busy} onPress={() => undefined}>
          {form.confirm ?? (form.fields.length === 0 ? t("OK") : t("Send"))}
        </Button>
      </div>
    </form>
  );
}
