import { addAgain } from "./again.js";
import { addAnswer } from "./answer.js";
import { addApp } from "./app.js";
import { addCatalog } from "./catalog.js";
import { addCheck } from "./check.js";
import type { AddCommand } from "./command.js";
import { addConfig } from "./config.js";
import { addDown } from "./down.js";
import { addEnv } from "./env.js";
import { addFiles } from "./files.js";
import { addFree } from "./free.js";
import { addInfo } from "./info.js";
import { addInstall } from "./install.js";
import { addLibrary } from "./library.js";
import { addLimit } from "./limit.js";
import { addList } from "./list.js";
import { addLogs } from "./logs.js";
import { addModels } from "./models.js";
import { addMachine } from "./machine.js";
import { addPackage } from "./package.js";
import { addRepair } from "./repair.js";
import { addRestart } from "./restart.js";
import { addRun } from "./run.js";
import { addScript } from "./script.js";
import { addSearch } from "./search.js";
import { addSettings } from "./settings.js";
import { addStatus } from "./status.js";
import { addStop } from "./stop.js";
import { addStudio } from "./studio.js";
import { addTools } from "./tools.js";
import { addTrash } from "./trash.js";
import { addType } from "./type.js";
import { addReset, addUninstall } from "./uninstall.js";
import { addUpdate } from "./update.js";
import { addUp } from "./up.js";
import { addWait } from "./wait.js";

/** Every command, in the order `--help` shows them. */
export const commands: readonly AddCommand[] = [
  addSearch,
  addInfo,
  addCheck,
  addInstall,
  addStudio,
  addList,
  addLibrary,
  addRun,
  addWait,
  addStop,
  addRestart,
  addLogs,
  addFiles,
  addUpdate,
  addReset,
  addUninstall,
  addTrash,
  addFree,
  addRepair,
  addAgain,
  addConfig,
  addLimit,
  addEnv,
  addModels,
  addPackage,
  addAnswer,
  addType,
  addSettings,
  addMachine,
  addStatus,
  addUp,
  addDown,
  addApp,
  addScript,
  addCatalog,
  addTools,
];
