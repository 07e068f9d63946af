import type { FoundPackage } from "../../runtime/protocol/packages.js";
import { useAnswer, useFrame } from "../host.js";
import { useOccasion } from "./use-catalog.js";

/** Everything that is known of a package, below its card. */
export function PackageDetails({ found, onSearch }: { found: FoundPackage; onSearch(text: string): void }) {
  const { host, openPage } = useFrame();
  const { t } = host;
  const { repository, install, version, commit, tags, requires, dependencies, models, upstream } = found;
  const known = useAnswer("catalog.info", { id: found.id }, useOccasion()).value;
  const similar = known?.similar ?? [];
  const facts: (readonly [string, string])[] = [
    ...(commit === null ? [] : [[t("Commit"), commit.slice(0, 12)] as const]),
    ...(version === null ? [] : [[t("Version"), version] as const]),
    ...(requires.vramGB === null ? [] : [[t("GPU memory"), t("about {gb} GB", { gb: requires.vramGB })] as const]),
    ...(requires.diskGB === null ? [] : [[t("Disk"), t("about {gb} GB", { gb: requires.diskGB })] as const]),
    ...(requires.credentials.length === 0 ? [] : [[t("Asks for"), requires.credentials.join(", ")] as const]),
    ...(dependencies.length === 0 ? [] : [[t("Needs first"), dependencies.join(", ")] as const]),
    ...(models.length === 0 ? [] : [[t("Models"), models.join(", ")] as const]),
  ];
  return (
    <div className="pk-package-details">
      <ul className="pk-package-reasons" aria-label={t("How it fits this machine")}>
        {found.fit.reasons.map(({ text }) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <dl className="pk-facts">
        <dt>{t("From")}</dt>
        <dd className="pk-path">{repository === null ? install : <PageLink url={repository} onOpen={openPage} />}</dd>
        {upstream === null || upstream === "" ? null : (
          <>
            <dt>{t("Installs")}</dt>
            <dd className="pk-path">
              <PageLink url={upstream} onOpen={openPage} />
            </dd>
          </>
        )}
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="pk-path">{value}</dd>
          </div>
        ))}
      </dl>
      <WordList label={t("Tags")} words={tags.map((tag) => [tag, tag] as const)} onPress={onSearch} />
      <WordList label={t("Similar")} words={similar.map(({ id, name }) => [id, name] as const)} onPress={onSearch} />
    </div>
  );
}

function PageLink({ url, onOpen }: { url: string; onOpen(url: string): void }) {
  if (!/^https?:\/\//.test(url)) return <>{url}</>;
  return (
    <button type="button" className="pk-link" onClick={() => onOpen(url)}>
      {url.replace(/^https?:\/\//, "")}
    </button>
  );
}

interface WordListProps {
  label: string;
  words: readonly (readonly [key: string, text: string])[];
  onPress(text: string): void;
}

function WordList({ label, words, onPress }: WordListProps) {
  if (words.length === 0) return null;
  return (
    <div className="pk-words">
      <span className="pk-soft">{label}</span>
      {words.map(([key, text]) => (
        <button key={key} type="button" className="pk-chip" onClick={() => onPress(text.replace(/-/g, " "))}>
          {text}
        </button>
      ))}
    </div>
  );
}
