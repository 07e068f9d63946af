import type { Configuration } from "../configuration/configuration.js";
import type { Library } from "../library/library.js";
import { createFailures, type Failures } from "./failures.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { Phase } from "./phase.js";
import { createRepairs, type Repairs } from "./repairs.js";
import { createRestarts, type Restarts } from "./restarts.js";
import type { Runs } from "./runs.js";
import { createStartAgain, type StartAgain } from "./start-again.js";

/** What is done about runs that failed. */
export interface Recovery {
  failures: Failures;
  repairs: Repairs;
  restarts: Restarts;
  startAgain: StartAgain;
}

export interface RecoveryParts {
  opened: OpenedHome;
  runs: Runs;
  news: News;
  phase: Phase;
  library: Pick<Library, "hasAgreed" | "isInstallRun" | "installer">;
  configuration(): Pick<Configuration, "form" | "set">;
}

export function createRecovery(parts: RecoveryParts): Recovery {
  const { opened, runs, news, phase, library, configuration } = parts;
  const { isInstallRun, installer } = library;
  const failures = createFailures({
    home: opened.home,
    api: opened.paths.api,
    supervisor: runs.supervisor,
    installer,
  });
  const startAgain = createStartAgain({ opened, runs, hasAgreed: library.hasAgreed });
  const restarts = createRestarts({ opened, runs, news, phase, failures, startAgain, isInstallRun });
  return {
    failures,
    repairs: createRepairs({
      ...{ opened, runs, news, failures, restarts, startAgain, isInstallRun, installer, configuration },
    }),
    restarts,
    startAgain,
  };
}
