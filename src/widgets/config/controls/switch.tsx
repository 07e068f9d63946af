import { useHost } from "../../host.js";
import { aria, type ControlProps } from "./control.js";

export function SwitchControl(props: ControlProps) {
  const { t } = useHost();
  const { id, value, onChange } = props;
  return (
    <span className="pk-config-switch">
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={value === true}
        {...aria(props)}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span aria-hidden="true">{value === true ? t("On") : t("Off")}</span>
    </span>
  );
}
