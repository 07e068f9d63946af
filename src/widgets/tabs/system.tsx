import { isLive } from "../../runtime/protocol/runs.js";
import { AgainSection } from "../first-steps/again-section.js";
import { useAnswer, useHost, useRuns, useSnapshot } from "../host.js";
import { ErrorCard } from "../parts/error-card.js";
import { FoldedSection } from "../parts/folded-section.js";
import { NoticeList, useNotices } from "../parts/notice-list.js";
import { reportText } from "../report.js";
import { AddressesSection } from "../system/addresses-section.js";
import { LimitsSection } from "../system/limits-section.js";
import { MachineSection } from "../system/machine-section.js";
import { PlatformSection } from "../system/platform-section.js";
import { ReportSection } from "../system/report-section.js";
import { SecretsSection } from "../system/secrets-section.js";
import { SettingsSection } from "../system/settings-section.js";
import { SidecarSection } from "../system/sidecar-section.js";
import { StopSection } from "../system/stop-section.js";
import { useOnSettingsChanged } from "../system/use-settings.js";
import type { Tab } from "./tab.js";

export const systemTab: Tab = { id: "system", label: "System", icon: "system", View: System };

function System() {
  const { t } = useHost();
  const runs = useRuns();
  const apps = useSnapshot()?.apps ?? [];
  const live = runs.filter(isLive);
  const machine = useAnswer("machine.facts", {});
  const sidecar = useAnswer("sidecar.status", {}, String(live.length));
  useOnSettingsChanged(sidecar.refresh);
  const facts = machine.value;
  const status = sidecar.value;
  const notices = useNotices();

  return (
    <div className="pk-system">
      {machine.error === null ? null : <ErrorCard error={machine.error} />}
      {sidecar.error === null ? null : <ErrorCard error={sidecar.error} />}
      <FoldedSection
        id="notifications"
        title={t("Notifications")}
        summary={notices.length === 0 ? t("none") : String(notices.length)}
        isOpenAtFirst={notices.length > 0}
      >
        <NoticeList />
      </FoldedSection>
      {facts === null ? null : (
        <>
          <MachineSection machine={facts} />
          <PlatformSection machine={facts} />
        </>
      )}
      <LimitsSection />
      <SettingsSection />
      <SecretsSection />
      <AddressesSection />
      {status === null ? null : <SidecarSection status={status} />}
      <AgainSection />
      {facts === null && status === null ? null : (
        <ReportSection
          text={reportText({ machine: facts, sidecar: status, apps, runs, notices, browser: navigator.userAgent })}
        />
      )}
      <StopSection liveRuns={live.length} />
    </div>
  );
}
