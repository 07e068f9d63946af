import type { WireError } from "../runtime/protocol/errors.js";
import type { AppId } from "../runtime/protocol/ids.js";
import type { Notice } from "../runtime/protocol/sidecar.js";
import { useConnectionLine } from "./connection-line.js";
import { useFirstSteps } from "./first-steps/use-first-steps.js";
import { useFrame, useHost, useRemembered, useSnapshot } from "./host.js";
import { Button, IconButton } from "./parts/button.js";
import { Icon, type IconName } from "./parts/icon.js";
import { asks, waitingFor } from "./questions/waiting.js";

interface Line {
  level: Notice["level"];
  text: string;
  hint?: string | undefined;
  action?: { label: string; press(): void } | undefined;
  dismiss?: () => void;
  /** How many more wait behind this one. */
  more?: number;
}

interface NoticeLineProps {
  failure: WireError | null;
  onDismissFailure(): void;
  /** The app whose page is open: what it asks stands there. */
  appOnShow: AppId | null;
  /** The tab that stands below, where nothing else takes its place. */
  tabOnShow: string | null;
  /** All notices stand below. */
  areNoticesOnShow: boolean;
}

/** The one line above the tabs: what matters most right now, in a sentence, with one thing to do. */
export function NoticeLine({ failure, onDismissFailure, appOnShow, tabOnShow, areNoticesOnShow }: NoticeLineProps) {
  const { t } = useHost();
  const connection = useConnectionLine();
  const known = useSnapshot() !== null;
  const mode = useModeLine();
  const waiting = useWaitingLine(appOnShow);
  const policy = usePolicyLine(tabOnShow);
  const notice = useFirstNotice();
  const failed: Line | null =
    failure === null ? null : { level: "error", text: failure.message, hint: failure.hint, dismiss: onDismissFailure };
  // Before anything is known, the panel itself says how the connection stands.
  const line: Line | null =
    (known ? connection : null) ?? failed ?? waiting ?? mode ?? policy ?? (areNoticesOnShow ? null : notice);
  if (line === null) return null;

  const { level, text, hint, action, dismiss, more = 0 } = line;
  return (
    <div className={`pk-notice pk-notice-${level}`}>
      <Icon name={LEVEL_ICONS[level]} />
      <div className="pk-notice-text">
        <span title={text}>{text}</span>
        {hint === undefined ? null : (
          <p className="pk-soft" title={hint}>
            {hint}
          </p>
        )}
        {more === 0 ? null : <p className="pk-soft">{t("+{more} more", { more })}</p>}
      </div>
      {action === undefined ? null : <Button onPress={action.press}>{action.label}</Button>}
      {dismiss === undefined ? null : <IconButton icon="close" label={t("Dismiss")} onPress={dismiss} />}
    </div>
  );
}

const LEVEL_ICONS: Record<Notice["level"], IconName> = { info: "info", warning: "warning", error: "error" };

function useModeLine(): Line | null {
  const { t } = useHost();
  const snapshot = useSnapshot();
  const [isPutAway, putAway] = useRemembered("minimal put away", "");
  const { goTo } = useFrame();
  if (snapshot?.mode === "minimal" && snapshot.modeReason !== isPutAway) {
    return {
      level: "info",
      text: t("Minimal mode. {reason}", { reason: snapshot.modeReason ?? "" }),
      action: { label: t("Show"), press: () => goTo("system") },
      dismiss: () => putAway(snapshot.modeReason ?? ""),
    };
  }
  if (snapshot?.mode !== "read-only") return null;
  return {
    level: "warning",
    text: t("Read-only: you can look at everything and change nothing"),
    hint: snapshot.modeReason ?? undefined,
  };
}

/** What the platform allows, until it has been read. */
function usePolicyLine(tabOnShow: string | null): Line | null {
  const { t } = useHost();
  const { goTo } = useFrame();
  const { isShown, policy, putPolicyAway } = useFirstSteps();
  const isToldBelow = tabOnShow === "system" || (tabOnShow === "discover" && isShown);
  if (policy === null || isToldBelow) return null;
  return {
    level: "warning",
    text: t(policy.text),
    action: { label: t("Read it"), press: () => goTo("system") },
    dismiss: putPolicyAway,
  };
}

function useWaitingLine(appOnShow: AppId | null): Line | null {
  const { host, showRun } = useFrame();
  const { t } = host;
  const snapshot = useSnapshot();
  const runs = snapshot?.runs ?? [];
  const onShow = appOnShow === null ? [] : waitingFor(appOnShow, runs);
  const waiting = runs.filter((run) => asks(run) && !onShow.includes(run));
  const [first] = waiting;
  if (first === undefined) return null;
  const title = snapshot?.apps.find(({ id }) => id === first.appId)?.title || first.appId || first.script;
  return {
    level: "warning",
    text: t("{title} waits for you", { title }),
    more: waiting.length - 1,
    action: { label: t("Answer"), press: () => showRun(first) },
  };
}

const URGENCY: readonly Notice["level"][] = ["error", "warning", "info"];

function useFirstNotice(): Line | null {
  const { client } = useHost();
  const notices = useSnapshot()?.notices ?? [];
  const [first] = [...notices].sort((a, b) => URGENCY.indexOf(a.level) - URGENCY.indexOf(b.level));
  const { openPage, goTo } = useFrame();
  const { t } = useHost();
  if (first === undefined) return null;
  const { id, level, message, hint, from, href } = first;
  const all = { label: t("Show all"), press: () => goTo("system") };
  const open = href === undefined ? undefined : { label: t("Open"), press: () => openPage(href) };
  return {
    level,
    text: from === undefined ? message : `${from}: ${message}`,
    hint,
    more: notices.length - 1,
    action: notices.length > 1 ? all : open,
    // A notice that cannot be dismissed stays; there is nothing better to say about it.
    dismiss: () => void client.request("notices.dismiss", { id }).catch(() => undefined),
  };
}
