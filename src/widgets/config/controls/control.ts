import type { ConfigField, ConfigValue } from "../../../runtime/protocol/config.js";

export interface ControlProps {
  id: string;
  field: ConfigField;
  value: ConfigValue;
  /** Ids of the words about it. */
  describedBy: string | undefined;
  isWrong: boolean;
  onChange(value: ConfigValue): void;
}

/** How a kind of setting is changed. Kinds are listed in `index.ts`. */
export type Control = (props: ControlProps) => React.ReactNode;

export const aria = ({ describedBy, isWrong }: ControlProps) => ({
  ...(describedBy === undefined ? {} : { "aria-describedby": describedBy }),
  ...(isWrong ? { "aria-invalid": true as const } : {}),
});

export const textOf = (value: ConfigValue): string => (value === null ? "" : String(value));
