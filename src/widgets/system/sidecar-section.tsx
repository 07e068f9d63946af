import type { SidecarStatus } from "../../runtime/protocol/sidecar.js";
import { useHost, useSidecarNow } from "../host.js";
import { durationText, sizeText } from "../measures.js";
import { Facts } from "../parts/facts.js";
import { FoldedSection } from "../parts/folded-section.js";
import type { Translate } from "../view.js";

/** PinokioCloud itself: where it is and how it is doing. */
export function SidecarSection({ status }: { status: SidecarStatus }) {
  const { t } = useHost();
  const now = useSidecarNow(true);
  const { version, home, logFile, memoryBytes, startedAt, idleMinutes } = status;
  return (
    <FoldedSection id="sidecar" title="PinokioCloud" summary={version} isOpenAtFirst>
      <Facts
        facts={[
          [t("Version"), version],
          [t("Mode"), modeText(status, t)],
          [t("Home"), home],
          [t("Log file"), logFile],
          [t("Its own memory"), sizeText(memoryBytes)],
          [t("Running for"), durationText(now - Date.parse(startedAt))],
          [
            t("When idle"),
            idleMinutes === 0
              ? t("Stays until it is stopped")
              : t("Ends after {minutes} min without a run and a viewer", { minutes: idleMinutes }),
          ],
        ]}
      />
    </FoldedSection>
  );
}

function modeText({ mode, modeReason }: SidecarStatus, t: Translate): string {
  const word = { full: t("Full"), minimal: t("Minimal"), "read-only": t("Read-only") }[mode];
  return modeReason === null ? word : `${word}: ${modeReason}`;
}
