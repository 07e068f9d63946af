import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Argument, InvalidArgumentError, Option } from "commander";
import { reportOf } from "../../check/verdict.js";
import { CheckMachine, type CheckReport } from "../../protocol/check.js";
import { PinokioError, toWireError } from "../../protocol/errors.js";
import { createAppChecks } from "../../supervisor/app-checks.js";
import { chosenMachine, type MachineOptions } from "../check-machine.js";
import { type CheckSource, openCheckSource } from "../check-source.js";
import { reportsTable, reportText, totalsOf } from "../check-words.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { findRuntimeNode, nodeMajorOf } from "../find-node.js";
import type { Session } from "../session.js";
import { errorText } from "../words.js";
import type { AddCommand } from "./command.js";

export const addCheck: AddCommand = (program, inSession) => {
  program
    .command("check")
    .description("say whether an app would work on a machine, without running any of it")
    .addArgument(
      new Argument(
        "<source>",
        "an installed app, an app's folder, a folder of apps, or the address of a git repository",
      ),
    )
    .addOption(new Option("--platform <name>", "another platform").choices(CheckMachine.shape.platform.options))
    .option("--arch <name>", "another architecture, such as x64 or arm64")
    .addOption(new Option("--gpu <name>", "another maker of graphics cards").choices(CheckMachine.shape.gpu.options))
    .option("--gpu-model <name>", "the name of the graphics card")
    .option("--vram <gigabytes>", "the graphics card's memory", parseGigabytes)
    .action((source: string, options: MachineOptions) =>
      inSession(async (session) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(EXIT.waiting));
        const opened = await open(source, session);
        if (opened === null) return EXIT.usage;
        using apps = opened;
        return await report(apps, session, chosenMachine(session.place.home, options));
      }),
    );
};

const CODES: Record<CheckReport["verdict"], ExitCode> = {
  works: EXIT.done,
  warnings: EXIT.warnings,
  cannot: EXIT.failed,
};

/** Null for what is no app, which is told. */
async function open(source: string, { place, json, print, note }: Session): Promise<CheckSource | null> {
  try {
    return await openCheckSource(source, place.home);
  } catch (error) {
    if (!(error instanceof PinokioError) || error.code !== "app-invalid") throw error;
    if (json) print(JSON.stringify({ error: toWireError(error) }));
    else note(errorText(toWireError(error)));
    return null;
  }
}

async function report(source: CheckSource, session: Session, machine: CheckMachine): Promise<ExitCode> {
  const reports = await checkAll(source, session, machine);
  const [first] = reports;
  if (source.isSingle && first !== undefined) {
    session.print(session.json ? JSON.stringify(first) : reportText(first));
    return CODES[first.verdict];
  }
  const totals = totalsOf(reports);
  session.print(session.json ? JSON.stringify({ machine, totals, apps: reports }) : reportsTable(reports));
  return totals.cannot > 0 ? EXIT.failed : totals.warnings > 0 ? EXIT.warnings : EXIT.done;
}

/** Several apps at a time, each in a process of its own. */
async function checkAll(source: CheckSource, { place }: Session, machine: CheckMachine): Promise<CheckReport[]> {
  const { env, bundles } = place;
  const { execPath, version } = process;
  const node = findRuntimeNode({ env, bundles, execPath, version, majorOf: nodeMajorOf });
  const checks = createAppChecks({ node, bundle: join(bundles, "check-host.mjs") });
  process.once("exit", () => checks.close());
  const reports: CheckReport[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < source.folders.length; at = next++) {
      const folder = source.folders[at] as string;
      reports[at] = reportOf(source.nameOf(folder), machine, await checks.check(folder, machine));
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
  } finally {
    checks.close();
  }
  return reports;
}

function parseGigabytes(text: string): number {
  const gigabytes = Number(text);
  if (!(gigabytes >= 0)) throw new InvalidArgumentError("It is not a number of gigabytes");
  return gigabytes;
}
