import { aria, type ControlProps, textOf } from "./control.js";

export function TextControl(props: ControlProps) {
  const { id, field, value, onChange } = props;
  return (
    <input
      id={id}
      type="text"
      className="pk-input"
      spellCheck={false}
      autoComplete="off"
      value={textOf(value)}
      placeholder={field.placeholder}
      {...aria(props)}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function LinesControl(props: ControlProps) {
  const { id, value, onChange } = props;
  return (
    <textarea
      id={id}
      className="pk-input"
      rows={4}
      spellCheck={false}
      value={textOf(value)}
      {...aria(props)}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
