import type { SidecarClient } from "../../runtime/client/sidecar-client.js";
import { toWireError } from "../../runtime/protocol/errors.js";
import type { RunId } from "../../runtime/protocol/ids.js";
import { isLive, type Run } from "../../runtime/protocol/runs.js";
import { readTold, type Told } from "../../runtime/protocol/told.js";
import { followChanges } from "../changes/follow-changes.js";
import type { Translate } from "../view.js";
import { takeStart } from "./recent-start.js";
import type { Toast, ToastBoard } from "./toast.js";

export interface ToldWorld {
  client: SidecarClient;
  t: Translate;
  openUrl(url: string): Promise<void>;
  /** Rejects where the page may not write there. */
  copy(text: string): Promise<void>;
  board: ToastBoard;
}

const USUAL_MS = 6_000;
const SHORT_MS = 3_000;
const LONGEST_SHOWN = 120;

/** Shows what scripts tell while somebody watches; returns how to stop that. */
export function followTold(world: ToldWorld): () => void {
  const { client, board } = world;
  const pages = new Map<RunId, Set<string>>();

  const stopEvents = client.onEvent((event) => {
    if (event.type === "run-changed" && !isLive(event.run)) {
      // A page of a script that is over leads nowhere.
      for (const id of pages.get(event.run.id) ?? []) board.remove(id);
      pages.delete(event.run.id);
    }
    if (event.type !== "run-told") return;
    const told = readTold(event.kind, event.params);
    const run = client.state?.runs.find(({ id }) => id === event.runId);
    if (told === null || run === undefined) return;
    if (told.kind === "message") board.show(messageToast(told, run, world));
    else if (told.kind === "copy") offerCopy(told.text, run, world);
    else {
      const id = `page ${run.id} ${told.url}`;
      pages.set(run.id, (pages.get(run.id) ?? new Set()).add(id));
      offerPage({ id, url: told.url, run }, world);
    }
  });
  const stopChanges = followChanges({ client, t: world.t, board });
  return () => {
    stopEvents();
    stopChanges();
  };
}

function messageToast(told: Told & { kind: "message" }, run: Run, { client, t, openUrl }: ToldWorld): Toast {
  const { level, text, href, durationMs, lasting } = told;
  const leads = href !== null && /^https?:/i.test(href);
  return {
    id: `message ${run.id} ${text}`,
    level,
    from: titleOf(run, client),
    text,
    lastsMs: durationMs ?? (lasting || leads || level === "error" ? null : USUAL_MS),
    action: leads ? { label: t("Open"), press: () => void openUrl(href).catch(() => undefined) } : null,
  };
}

function offerPage({ id, url, run }: { id: string; url: string; run: Run }, world: ToldWorld): void {
  const { client, t, openUrl, board } = world;
  const from = titleOf(run, client);
  const open = (): void => {
    openUrl(url).then(
      () => board.remove(id),
      (error: unknown) => {
        const { message, hint } = toWireError(error);
        const text = hint === undefined ? message : `${message}. ${hint}`;
        board.show({ id, level: "error", from, text, lastsMs: null, action: null });
      },
    );
  };
  if (takeStart(client, run.appId ?? run.script)) return open();
  const text = t("Wants to show you {page}", { page: shorten(url.replace(/^https?:\/\//, "")) });
  board.show({ id, level: "info", from, text, lastsMs: null, action: { label: t("Open"), press: open } });
}

function offerCopy(text: string, run: Run, { client, t, copy, board }: ToldWorld): void {
  const id = `copy ${run.id}`;
  const toast = { id, level: "info", from: titleOf(run, client), lastsMs: null } as const;
  const shown = shorten(text);
  const copied = () =>
    board.show({ ...toast, text: t("Copied: {text}", { text: shown }), lastsMs: SHORT_MS, action: null });
  const press = (): void => {
    const refused = t("This page may not use the clipboard: {text}", { text });
    copy(text).then(copied, () => board.show({ ...toast, text: refused, action: null }));
  };
  const offer = () =>
    board.show({
      ...toast,
      text: t("For your clipboard: {text}", { text: shown }),
      action: { label: t("Copy"), press },
    });
  if (!takeStart(client, run.appId ?? run.script)) return offer();
  copy(text).then(copied, offer);
}

export function titleOf(run: Run, client: SidecarClient): string {
  const app = client.state?.apps.find(({ id }) => id === run.appId);
  return app?.title || run.appId || run.script;
}

const shorten = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line;
};
