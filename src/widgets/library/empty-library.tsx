import { useState } from "react";
import { PackageCard } from "../discover/package-card.js";
import { useAnswer, useFrame, useObstacle } from "../host.js";
import { Button } from "../parts/button.js";
import { Empty } from "../parts/empty.js";

const SUGGESTIONS = 3;

/** What stands where the library would be: the sample, three apps that run well here, and the way to all the others. */
export function EmptyLibrary({ onImport }: { onImport(): void }) {
  const { host, goTo } = useFrame();
  const { t } = host;
  const obstacle = useObstacle();
  const [opened, setOpened] = useState<string | null>(null);
  const samples = useAnswer("catalog.search", { filters: { source: "examples" }, most: 1 }).value?.packages ?? [];
  const fitting = useAnswer("catalog.search", { filters: { fits: true, noToken: true, type: "app" }, most: 8 }).value;
  const others = (fitting?.packages ?? []).filter(({ id, warning }) => warning === null && id !== samples[0]?.id);
  const offers = [...samples, ...others.slice(0, SUGGESTIONS)];
  return (
    <>
      <Empty title={t("Nothing installed yet")}>
        <p className="pk-soft">{t("Apps you install stay here, with their scripts, settings and output.")}</p>
        <div className="pk-actions">
          <Button kind="primary" icon="discover" onPress={() => goTo("discover")}>
            {t("Discover apps")}
          </Button>
          <Button obstacle={obstacle} onPress={onImport}>
            {t("Import a library")}
          </Button>
        </div>
      </Empty>
      {offers.length === 0 ? null : (
        <section aria-label={t("To begin with")}>
          <h2 className="pk-heading">{t("To begin with")}</h2>
          <ul className="pk-cards">
            {offers.map((found) => (
              <li key={found.id} className="pk-app">
                <PackageCard
                  found={found}
                  isOpen={found.id === opened}
                  holdsDetails
                  onOpen={setOpened}
                  onSearch={() => goTo("discover")}
                />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
