import { useHost } from "../../host.js";
import { Button } from "../../parts/button.js";
import { aria, type ControlProps, textOf } from "./control.js";

/** It can be replaced and removed, never read. */
export function SecretControl(props: ControlProps) {
  const { t } = useHost();
  const { id, field, value, onChange } = props;
  const isSet = field.isSet === true;
  return (
    <span className="pk-config-secret">
      <input
        id={id}
        type="password"
        className="pk-input"
        autoComplete="new-password"
        value={textOf(value)}
        placeholder={isSet ? t("Kept; type to replace it") : (field.placeholder ?? t("Not set"))}
        {...aria(props)}
        onChange={(event) => onChange(event.target.value)}
      />
    </span>
  );
}

/** Beside what else can be done with a field. */
export function RemoveSecret({ onRemove }: { onRemove(): void }) {
  const { t } = useHost();
  return (
    <Button kind="quiet" onPress={onRemove}>
      {t("Remove it")}
    </Button>
  );
}
