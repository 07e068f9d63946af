import { isObject } from "../script/script.js";

/**
 * A step's parameters as a trace tells them: Pinokio has moved values of several lines out of a command's words by then.
 */
export function tracedParams(method: string, params: unknown): unknown {
  if (!method.startsWith("shell.") || !isObject(params) || !isObject(params["message"])) return params;
  const moved: { name: string; value: string }[] = [];
  const message = withoutLongWords(params["message"], moved);
  if (moved.length === 0) return params;
  return {
    ...params,
    message,
    env: {
      ...(isObject(params["env"]) ? params["env"] : {}),
      ...Object.fromEntries(moved.map((one) => [one.name, one.value])),
    },
    _pinokio_env_args: moved,
    _pinokio_cmd_delayed_expansion: false,
  };
}

function withoutLongWords(node: unknown, moved: { name: string; value: string }[]): unknown {
  if (typeof node === "string" && /[\r\n]/.test(node)) {
    moved.push({ name: `PINOKIO_ARG_${moved.length}`, value: node });
    return `__PINOKIO_ENVARG_${moved.length - 1}__`;
  }
  if (Array.isArray(node)) return node.map((element) => withoutLongWords(element, moved));
  if (!isObject(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withoutLongWords(value, moved)]));
}
