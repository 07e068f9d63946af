import type { App } from "../../runtime/protocol/apps.js";
import { useHost } from "../host.js";
import { sizeText } from "../measures.js";
import { type Fact, Facts } from "../parts/facts.js";

/** What an app says of itself, where it is from, and where it lies. */
export function AppAbout({ app }: { app: App }) {
  const { t } = useHost();
  const { description, disk, source, path } = app;
  const facts: Fact[] = [
    [t("From"), source],
    [t("Folder"), path],
  ];
  if (disk !== undefined) {
    const { filesBytes, environmentsBytes } = disk;
    const parts = { files: sizeText(filesBytes), environments: sizeText(environmentsBytes) };
    const text =
      environmentsBytes === 0
        ? t("{files} of files", parts)
        : t("{files} of files, {environments} of environments", parts);
    facts.push([t("Disk"), text]);
  }
  return (
    <section className="pk-page-about" aria-label={t("About it")}>
      <h3 className="pk-heading">{t("About it")}</h3>
      {description === "" ? null : (
        <p className="pk-soft" dir="auto">
          {description}
        </p>
      )}
      <Facts facts={facts} />
    </section>
  );
}
