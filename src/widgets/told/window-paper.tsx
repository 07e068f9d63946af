import type { QuestionWindow, WindowAction } from "../../runtime/protocol/questions.js";
import { useFrame } from "../host.js";
import { HtmlPaper } from "../parts/html-paper.js";
import { Button } from "../parts/button.js";
import { AskHead } from "../questions/head.js";

interface WindowPaperProps {
  window: QuestionWindow;
  obstacle: string | null;
  busy: boolean;
  /** A button that tells the script something; null when nobody waits for it. */
  onAction: ((action: WindowAction) => void) | null;
  onDismiss(): void;
}

/** What a script shows in a window of its own in Pinokio. */
export function WindowPaper({ window, obstacle, busy, onAction, onDismiss }: WindowPaperProps) {
  const { host, openPage } = useFrame();
  const { t } = host;
  const { title, html, status, isBusy, actions, isDismissible } = window;

  const press = (action: WindowAction) => {
    if (action.copies !== null) void navigator.clipboard.writeText(action.copies).catch(() => undefined);
    if (action.href !== null && /^https?:/i.test(action.href)) openPage(action.href);
    if (!action.isLink && onAction !== null) onAction(action);
  };
  const hasPrimary = actions.some(({ isPrimary }) => isPrimary);
  const shown = actions.filter(
    ({ isLink, href, copies }) => onAction !== null || isLink || href !== null || copies !== null,
  );

  return (
    <div className="pk-ask-form">
      <AskHead title={title} description="" />
      {html === "" ? null : <HtmlPaper html={html} label={title || t("What the script shows")} />}
      {status === "" ? null : (
        <p className="pk-ask-status" role="status">
          {isBusy ? <span className="pk-dot pk-dot-busy" aria-hidden="true" /> : null}
          {status}
        </p>
      )}
      <div className="pk-actions">
        {shown.map((action, index) => (
          <Button
            key={index}
            kind={action.isPrimary || (!hasPrimary && index === 0 && !action.isLink) ? "primary" : "secondary"}
            {...(action.isLink ? { icon: "open" as const } : action.copies === null ? {} : { icon: "copy" as const })}
            obstacle={action.isDisabled ? t("The script does not offer this now") : action.isLink ? null : obstacle}
            busy={busy && !action.isLink}
            onPress={() => press(action)}
          >
            {action.label}
          </Button>
        ))}
        {isDismissible ? (
          <Button kind={shown.length === 0 ? "primary" : "quiet"} busy={busy} onPress={onDismiss}>
            {t("Close")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
