import { addAnswer } from "./answer.js";
import { addApp } from "./app.js";
import { addCheck } from "./check.js";
import type { AddCommand } from "./command.js";
import { addDown } from "./down.js";
import { addInstall } from "./install.js";
import { addLimit } from "./limit.js";
import { addList } from "./list.js";
import { addLogs } from "./logs.js";
import { addRepair } from "./repair.js";
import { addRun } from "./run.js";
import { addScript } from "./script.js";
import { addStatus } from "./status.js";
import { addStop } from "./stop.js";
import { addTools } from "./tools.js";
import { addType } from "./type.js";
import { addUp } from "./up.js";
import { addWait } from "./wait.js";

/** Every command, in the order `--help` shows them. */
export const commands: readonly AddCommand[] = [
  addCheck,
  addInstall,
  addList,
  addRun,
  addWait,
  addStop,
  addLogs,
  addRepair,
  addLimit,
  addAnswer,
  addType,
  addStatus,
  addUp,
  addDown,
  addApp,
  addScript,
  addTools,
];
