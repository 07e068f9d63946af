import type { Machine, MachineRule } from "../../protocol/machine.js";
import { sizeText } from "../../protocol/sizes.js";
import { EXIT } from "../exit-codes.js";
import { table } from "../words.js";
import type { AddCommand } from "./command.js";

export const addMachine: AddCommand = (program, inSession) => {
  program
    .command("machine")
    .description("say what this machine is, what its platform keeps, and what it forbids")
    .action(() =>
      inSession(async (session) => {
        const machine = await (await session.client()).request("machine.facts", {});
        session.print(session.json ? JSON.stringify(machine) : machineText(machine));
        return EXIT.done;
      }),
    );
};

const ABOUT: Record<MachineRule["about"], string> = {
  files: "Files",
  session: "Session",
  addresses: "Addresses",
  forbidden: "Not allowed",
};

function machineText(machine: Machine): string {
  const { platformLabel, keeps, rules, vault, os, arch, cpu, cores, memoryBytes, gpus, python, disk } = machine;
  const rows = [
    ["Platform", platformLabel],
    ["System", `${os}, ${arch}`],
    ["Processor", `${cpu}, ${cores} cores`],
    ["Memory", sizeText(memoryBytes)],
    ...(gpus.length === 0
      ? [["GPU", "none found"]]
      : gpus.map((gpu) => ["GPU", gpu.memoryBytes === null ? gpu.name : `${gpu.name}, ${sizeText(gpu.memoryBytes)}`])),
    ["Python", python ?? "none found"],
    ["Disk", `${sizeText(disk.freeBytes)} free of ${sizeText(disk.totalBytes)} at ${disk.path}`],
    ...(vault === null ? [] : [["Lasts", vault]]),
  ];
  const ruled = rules.map(({ about, text, asOf }) => `${ABOUT[about]}: ${text}${asOf === null ? "" : ` (${asOf})`}`);
  return [table(rows), `Files: ${keeps}.`, ...ruled].join("\n");
}
