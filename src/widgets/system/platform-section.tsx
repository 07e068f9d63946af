import type { Machine, MachineRule } from "../../runtime/protocol/machine.js";
import { PolicyCard } from "../first-steps/policy-card.js";
import { useHost } from "../host.js";
import { FoldedSection } from "../parts/folded-section.js";
import type { Translate } from "../view.js";

const TOPICS: readonly MachineRule["about"][] = ["files", "session", "addresses", "forbidden"];

const namesOf = (t: Translate): Record<MachineRule["about"], string> => ({
  files: t("Files"),
  session: t("Session"),
  addresses: t("Apps' pages"),
  forbidden: t("Not allowed"),
});

/** Where this runs, what is kept there, and what the place forbids. */
export function PlatformSection({ machine }: { machine: Machine }) {
  const { t } = useHost();
  const { platformLabel, keeps, rules, policy, vault } = machine;
  const kept: MachineRule[] = [
    { about: "files", text: `${t(keeps).replace(/\.$/, "")}.`, asOf: null },
    ...(vault === null
      ? []
      : [{ about: "files" as const, text: t("What lasts here is {folder}.", { folder: vault }), asOf: null }]),
  ];
  const all = [...kept, ...rules];
  const names = namesOf(t);
  return (
    <FoldedSection id="platform" title={t("Platform and its rules")} summary={platformLabel} isOpenAtFirst>
      {policy === null ? null : <PolicyCard policy={policy} />}
      <dl className="pk-rules">
        {TOPICS.filter((topic) => all.some(({ about }) => about === topic)).map((topic) => (
          <div key={topic}>
            <dt>{names[topic]}</dt>
            {all
              .filter(({ about }) => about === topic)
              .map(({ text, asOf }) => (
                <dd key={text}>
                  {t(text)}{" "}
                  {asOf === null ? null : <span className="pk-soft">{t("As of {date}.", { date: asOf })}</span>}
                </dd>
              ))}
          </div>
        ))}
      </dl>
      {rules.length === 0 ? (
        <p className="pk-soft">{t("No other rules of this place are known to PinokioCloud.")}</p>
      ) : null}
    </FoldedSection>
  );
}
