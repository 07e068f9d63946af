import { useHost } from "../host.js";
import { Button } from "../parts/button.js";
import { FoldedSection } from "../parts/folded-section.js";
import { useShowAgain } from "./use-first-steps.js";

/** The way back to the first steps. */
export function AgainSection() {
  const { t } = useHost();
  const showAgain = useShowAgain();
  return (
    <FoldedSection id="first steps" title={t("First steps")}>
      <p className="pk-soft pk-above-actions">
        {t("Where your files are, what this machine can do, and a sample to try, on one page.")}
      </p>
      <Button onPress={showAgain}>{t("Show the first steps")}</Button>
    </FoldedSection>
  );
}
