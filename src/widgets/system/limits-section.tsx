import { type AppSettings, type Enforcement, memoryText } from "../../runtime/protocol/app-settings.js";
import type { LimitList } from "../../runtime/protocol/system.js";
import { useFrame, useHost, useSnapshot } from "../host.js";
import { sizeText } from "../measures.js";
import { ErrorCard } from "../parts/error-card.js";
import { Facts } from "../parts/facts.js";
import { FoldedSection } from "../parts/folded-section.js";
import type { Translate } from "../view.js";
import { SettingsFields } from "./settings-fields.js";
import { useLimits, useSettings } from "./use-settings.js";

/** What apps may use, each and all together, and who sees to it. */
export function LimitsSection() {
  const { t } = useHost();
  const apps = useSnapshot()?.apps ?? [];
  const { value: form, error, take } = useSettings();
  const forAll = form?.sections.filter(({ id }) => id === "limits") ?? [];
  const isForAll = forAll.some(({ fields }) => fields.some(({ changed }) => changed));
  const limited = apps.filter(({ settings }) => settings !== undefined && Object.keys(settings).length > 0).length;
  const summary = isForAll
    ? t("for every app")
    : limited === 0
      ? t("none set")
      : limited === 1
        ? t("for 1 app")
        : t("for {count} apps", { count: limited });
  return (
    <FoldedSection id="limits" title={t("Limits")} {...(form === null ? {} : { summary })}>
      {error === null ? null : <ErrorCard error={error} />}
      <LimitsNow occasion={JSON.stringify(apps.map(({ id, settings }) => [id, settings]))} />
      {forAll.length === 0 ? null : (
        <>
          <h3 className="pk-heading">{t("What every app may use")}</h3>
          <SettingsFields id="limits" sections={forAll} hasHeadings={false} onSaved={take} />
        </>
      )}
    </FoldedSection>
  );
}

function LimitsNow({ occasion }: { occasion: string }) {
  const { t } = useHost();
  const { value: limits, error } = useLimits(occasion);
  if (error !== null) return <ErrorCard error={error} />;
  if (limits === null) return <p className="pk-soft">{t("Looking…")}</p>;
  return (
    <>
      <Facts facts={factsOf(limits, t)} />
      <AppLimitRows limits={limits} />
    </>
  );
}

function factsOf({ machine, enforced, diskWarningBytes }: LimitList, t: Translate): [string, string][] {
  const { memoryBytes, cores, diskFreeBytes } = machine;
  const by = (what: Enforcement, beyond: string): string =>
    what === "cgroup" ? t("the system lets an app use no more than it may") : beyond;
  return [
    [
      t("All together"),
      t("what the machine has: {memory} of memory, {cores} cores, {disk} of free disk", {
        memory: sizeText(memoryBytes),
        cores,
        disk: sizeText(diskFreeBytes),
      }),
    ],
    [t("Memory"), by(enforced.memory, t("looked at every 3 s: an app beyond its limit is stopped"))],
    [t("Processor"), by(enforced.cpu, t("looked at every 3 s: an app beyond its limit yields to all others"))],
    [
      t("Disk"),
      t(
        "looked at while an app runs: beyond its limit nothing more is installed or downloaded for it; below {size} of free disk you are told",
        {
          size: sizeText(diskWarningBytes),
        },
      ),
    ],
  ];
}

function AppLimitRows({ limits: { apps } }: { limits: LimitList }) {
  const { host, showApp } = useFrame();
  const { t } = host;
  const known = useSnapshot()?.apps ?? [];
  if (apps.length === 0)
    return <p className="pk-soft">{t("No app has limits of its own; they are set on its page.")}</p>;
  return (
    <table className="pk-table">
      <caption className="pk-hidden">{t("Limits of single apps")}</caption>
      <tbody>
        {apps.map(({ app, settings, diskUsedBytes }) => {
          const title = known.find(({ id }) => id === app)?.title || app;
          return (
            <tr key={app}>
              <th scope="row">
                <button type="button" className="pk-link" onClick={() => showApp(app)}>
                  <bdi>{title}</bdi>
                </button>
              </th>
              <td>{limitsText(settings, diskUsedBytes, t)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const asWritten = (size: string | number): string => (typeof size === "number" ? memoryText(size) : size);

function limitsText(settings: AppSettings, diskUsedBytes: number | null, t: Translate): string {
  const { memory, disk, cpu, nice, stopGraceSeconds, restart } = settings;
  return [
    ...(memory === undefined ? [] : [t("{size} of memory", { size: asWritten(memory) })]),
    ...(disk === undefined
      ? []
      : [
          diskUsedBytes === null
            ? t("{size} of the disk", { size: asWritten(disk) })
            : t("{used} of {size} of the disk", { used: sizeText(diskUsedBytes), size: asWritten(disk) }),
        ]),
    ...(cpu === undefined ? [] : [cpu === 1 ? t("1 core") : t("{count} cores", { count: cpu })]),
    ...(nice === undefined || nice === 0 ? [] : [t("yields to others ({nice} of 19)", { nice })]),
    ...(stopGraceSeconds === undefined ? [] : [t("{seconds} s to stop", { seconds: stopGraceSeconds })]),
    ...(restart?.onFailure === true ? [t("starts again after a failure")] : []),
  ].join(" · ");
}
