import { Notification } from "@jupyterlab/apputils";
import { toWireError } from "../runtime/protocol/errors.js";

/** Does something that a person asked for; what goes wrong is said in words. */
export async function reportFailure(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { message, hint } = toWireError(error);
    Notification.error(hint === undefined ? message : `${message}. ${hint}`, { autoClose: false });
  }
}
