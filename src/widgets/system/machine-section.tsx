import type { Machine } from "../../runtime/protocol/machine.js";
import { useHost } from "../host.js";
import { sizeText } from "../measures.js";
import { Facts } from "../parts/facts.js";
import { FoldedSection } from "../parts/folded-section.js";
import { gpuText } from "../report.js";

export function MachineSection({ machine }: { machine: Machine }) {
  const { t } = useHost();
  const { os, arch, cpu, cores, memoryBytes, gpus, python, disk } = machine;
  return (
    <FoldedSection id="machine" title={t("Machine")} isOpenAtFirst>
      <Facts
        facts={[
          [t("System"), `${os} · ${arch}`],
          [t("Processor"), t("{cpu} · {cores} cores", { cpu, cores })],
          [t("Memory"), sizeText(memoryBytes)],
          ...(gpus.length === 0
            ? [[t("GPU"), t("none found")] as const]
            : gpus.map((gpu) => [t("GPU"), gpuText(gpu)] as const)),
          [t("Python"), python ?? t("none found")],
          [
            t("Disk"),
            t("{free} free of {total}", { free: sizeText(disk.freeBytes), total: sizeText(disk.totalBytes) }),
          ],
        ]}
      />
    </FoldedSection>
  );
}
