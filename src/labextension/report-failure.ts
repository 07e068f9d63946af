import { Notification } from "@jupyterlab/apputils";
import { toWireError } from "../runtime/protocol/errors.js";
import { withShortNames } from "./short-names.js";
import type { ISidecar } from "./tokens.js";

/** Does something that a person asked for; what goes wrong is said in words. */
export async function reportFailure(sidecar: ISidecar, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { message, hint } = toWireError(error);
    const names = sidecar.client.state?.apps.map(({ title }) => title) ?? [];
    const words = withShortNames(hint === undefined ? message : `${message}. ${hint}`, names);
    Notification.error(words, { autoClose: false });
  }
}
