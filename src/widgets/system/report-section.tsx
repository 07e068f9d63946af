import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useHost, useRemembered } from "../host.js";
import { REPORT_KEY, useLedTo } from "../led-to.js";
import { Button } from "../parts/button.js";
import { FoldedSection } from "../parts/folded-section.js";

/** What somebody who helps needs to know, shown before it is copied. */
export function ReportSection({ text }: { text: string }) {
  const { t } = useHost();
  const shown = useRef<HTMLPreElement>(null);
  const [result, setResult] = useState<"copied" | "selected" | null>(null);
  const [open, setOpen] = useRemembered(REPORT_KEY, false);
  useLedTo("report", null, shown);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setResult("copied");
    } catch {
      // Pages inside of pages may not write to the clipboard: the text is selected instead.
      flushSync(() => setOpen(true));
      if (shown.current !== null) getSelection()?.selectAllChildren(shown.current);
      setResult("selected");
    }
  };

  return (
    <FoldedSection id={REPORT_KEY} title={t("Diagnostics")} isOpenAtFirst>
      <p className="pk-soft pk-above-actions">{t("What somebody who helps you needs to know. It holds no secrets.")}</p>
      <div className="pk-actions">
        <Button icon="copy" onPress={() => void copy()}>
          {t("Copy report")}
        </Button>
        <Button kind="quiet" expanded={open} onPress={() => setOpen(!open)}>
          {open ? t("Hide what it says") : t("Show what it says")}
        </Button>
        <span role="status" className="pk-soft">
          {result === "copied" ? t("Copied") : result === "selected" ? t("Selected: copy it with the keyboard") : ""}
        </span>
      </div>
      {open ? (
        <pre ref={shown} className="pk-report" tabIndex={0} aria-label={t("Report")}>
          {text}
        </pre>
      ) : null}
    </FoldedSection>
  );
}
