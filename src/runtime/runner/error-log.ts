import { join } from "node:path";
import { openLog } from "../base/log.js";
import type { StepError } from "../script/step-error.js";

/** Every failure of a step, one JSON object a line, for whoever looks for the cause later. */
export function errorLogOf(home: string, hideIn: <T>(value: T) => T): (error: StepError) => void {
  let log: ReturnType<typeof openLog> | null = null;
  return (error) => {
    log ??= openLog(join(home, "logs", "api_errors.log"));
    const { message, ...facts } = hideIn({ ...error });
    log.write("error", message, facts);
  };
}
