import type { ConfigKind } from "../../../runtime/protocol/config.js";
import { ChoiceControl } from "./choice.js";
import type { Control } from "./control.js";
import { NumberControl } from "./number.js";
import { PathControl } from "./path.js";
import { SecretControl } from "./secret.js";
import { SwitchControl } from "./switch.js";
import { LinesControl, TextControl } from "./text.js";

/** A control for every kind: a missing one does not compile. */
export const CONTROLS: Readonly<Record<ConfigKind, Control>> = {
  text: TextControl,
  lines: LinesControl,
  number: NumberControl,
  size: TextControl,
  switch: SwitchControl,
  choice: ChoiceControl,
  file: PathControl,
  folder: PathControl,
  model: PathControl,
  gpu: ChoiceControl,
  port: NumberControl,
  secret: SecretControl,
};
