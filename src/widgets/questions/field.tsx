import { useState } from "react";
import { type FieldValue, type FormField, isSentFile, MOST_FILE_BYTES } from "../../runtime/protocol/questions.js";
import { useHost } from "../host.js";
import { sizeText } from "../measures.js";

interface FieldProps {
  id: string;
  field: FormField;
  value: FieldValue;
  isMissing: boolean;
  onChange(value: FieldValue): void;
}

/** One thing to fill in, with its words. */
export function Field({ id, field, value, isMissing, onChange }: FieldProps) {
  const { t } = useHost();
  const [problem, setProblem] = useState<string | null>(null);
  const note = problem ?? (isMissing ? t("Needed") : null);
  const words = [field.description === "" ? "" : `${id}-words`, note === null ? "" : `${id}-note`].join(" ").trim();
  const shared: Shared = {
    id,
    ...(words === "" ? {} : { "aria-describedby": words }),
    ...(note === null ? {} : { "aria-invalid": true }),
    ...(field.required ? { "aria-required": true } : {}),
    ...(field.takesFocus ? { autoFocus: true } : {}),
  };
  return (
    <div className={`pk-ask-field pk-ask-${field.type}`}>
      <label htmlFor={id}>
        {field.label}
        {field.required ? <span aria-hidden="true"> *</span> : null}
      </label>
      <Control field={field} value={value} shared={shared} onChange={onChange} onProblem={setProblem} />
      {field.description === "" ? null : (
        <p id={`${id}-words`} className="pk-soft pk-ask-description">
          {field.description}
        </p>
      )}
      {note === null ? null : (
        <p id={`${id}-note`} className="pk-ask-note">
          {note}
        </p>
      )}
    </div>
  );
}

interface Shared {
  id: string;
  autoFocus?: boolean;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
  "aria-required"?: boolean;
}

interface ControlProps {
  field: FormField;
  value: FieldValue;
  shared: Shared;
  onChange(value: FieldValue): void;
  onProblem(problem: string | null): void;
}

function Control({ field, value, shared, onChange, onProblem }: ControlProps) {
  const text = typeof value === "string" ? value : "";
  const { type, placeholder, options } = field;
  switch (type) {
    case "textarea":
      return (
        <textarea
          {...shared}
          rows={4}
          value={text}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case "select":
      return (
        <select {...shared} value={text} onChange={(event) => onChange(event.target.value)}>
          {options.map((option, index) => (
            <option key={index} value={index}>
              {option.text}
            </option>
          ))}
        </select>
      );
    case "checkbox":
      return (
        <input
          {...shared}
          type="checkbox"
          checked={value === true}
          onChange={(event) => onChange(event.target.checked)}
        />
      );
    case "file":
      return <FileControl {...{ field, value, shared, onChange, onProblem }} />;
    default:
      return (
        <input
          {...shared}
          type={type}
          value={text}
          placeholder={placeholder}
          spellCheck={type === "text" ? undefined : false}
          autoComplete={type === "password" ? "new-password" : "off"}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

/** A file of the person's own machine. */
function FileControl({ field, value, shared, onChange, onProblem }: ControlProps) {
  const { t } = useHost();
  const take = async (file: File | undefined): Promise<void> => {
    onProblem(null);
    onChange(null);
    if (file === undefined) return;
    if (file.size > MOST_FILE_BYTES) {
      const [size, most] = [sizeText(file.size), sizeText(MOST_FILE_BYTES)];
      return onProblem(t("{name} has {size}; at most {most} can be sent", { name: file.name, size, most }));
    }
    try {
      onChange({ name: file.name, base64: await base64Of(file) });
    } catch {
      onProblem(t("{name} cannot be read", { name: file.name }));
    }
  };
  return (
    <>
      <input
        {...shared}
        type="file"
        {...(field.accept === null ? {} : { accept: field.accept })}
        onChange={(event) => void take(event.target.files?.[0])}
      />
      {isSentFile(value) ? <p className="pk-soft">{t("Ready to send: {name}", { name: value.name })}</p> : null}
    </>
  );
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(reader.error ?? new Error("unreadable"));
    reader.readAsDataURL(file);
  });
}
