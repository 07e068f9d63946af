import { maskSecrets } from "../../base/mask-secrets.js";
import { isSecretSetting } from "../../protocol/secret-names.js";
import type { Recognise } from "./kind.js";

/** By the same rules as output is masked; how many tokens a model takes is no secret. */
export const secret: Recognise = ({ path, value }) => {
  if (typeof value !== "string") return value === null && isSecretSetting(path) ? { kind: "secret" } : null;
  return isSecretSetting(path) || maskSecrets(value) !== value ? { kind: "secret" } : null;
};
