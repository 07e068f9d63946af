import { useState } from "react";
import { useHost } from "../../host.js";
import { IconButton } from "../../parts/button.js";
import { PathChoice } from "../path-choice.js";
import { aria, type ControlProps, textOf } from "./control.js";

/** A place on the machine, typed or looked for. */
export function PathControl(props: ControlProps) {
  const { t } = useHost();
  const { id, field, value, onChange } = props;
  const [isOpen, setOpen] = useState(false);
  const wants = field.kind === "folder" ? "folder" : "file";
  return (
    <span className="pk-config-path">
      <span className="pk-config-path-line">
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
        <IconButton
          icon="folder"
          label={t("Look for it: {name}", { name: field.label })}
          expanded={isOpen}
          onPress={() => setOpen(!isOpen)}
        />
      </span>
      {isOpen ? (
        <PathChoice
          wants={wants}
          start={textOf(value)}
          places={field.places ?? []}
          endings={field.endings ?? []}
          onChoose={(path) => {
            onChange(path);
            setOpen(false);
          }}
        />
      ) : null}
    </span>
  );
}
