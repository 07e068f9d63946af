import { useEffect, useState } from "react";
import type { Repair, RepairPreview } from "../../runtime/protocol/failures.js";
import { toWireError, type WireError } from "../../runtime/protocol/errors.js";
import type { Run } from "../../runtime/protocol/runs.js";
import { byEscape } from "../by-escape.js";
import { useAction, useFrame, useObstacle } from "../host.js";
import { sizeText } from "../measures.js";
import { Button } from "./button.js";
import { ErrorCard } from "./error-card.js";

interface RepairSheetProps {
  run: Run;
  repair: Repair;
  /** Its place among those that the failure offers. */
  at: number;
  onClose(): void;
}

/** What a repair will do, before it is done. */
export function RepairSheet({ run, repair, at, onClose }: RepairSheetProps) {
  const { host, openPage } = useFrame();
  const { client, t } = host;
  const obstacle = useObstacle();
  const action = useAction();
  const [preview, setPreview] = useState<RepairPreview | null>(null);
  const [unseen, setUnseen] = useState<WireError | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [given, setGiven] = useState("");
  const { kind, label } = repair;
  const isToken = kind === "set-token";

  useEffect(() => {
    let current = true;
    client.request("runs.repairPreview", { runId: run.id, repair: { at, kind } }).then(
      (shown) => current && setPreview(shown),
      (reason: unknown) => current && setUnseen(toWireError(reason)),
    );
    return () => void (current = false);
  }, [client, run.id, at, kind]);

  const carryOut = async (): Promise<void> => {
    const result = await client.request("runs.repair", {
      runId: run.id,
      repair: { at, kind },
      ...(isToken ? { given } : {}),
    });
    if (result.page !== null) openPage(result.page);
    setSaid(result.said);
  };

  const refused = preview?.refused ?? null;
  const removesForGood = (preview?.removes.length ?? 0) > 0;
  return (
    <form
      className="pk-repair"
      aria-label={label}
      {...byEscape(onClose)}
      onSubmit={(event) => {
        event.preventDefault();
        if (!action.busy && refused === null && obstacle === null && preview !== null) action.start(carryOut);
      }}
    >
      {said !== null ? (
        <p role="status">{said}</p>
      ) : preview === null ? (
        <p className="pk-soft">{unseen === null ? t("Looking at what it would do") : null}</p>
      ) : (
        <>
          <p>{refused ?? preview.does}</p>
          {refused !== null ? null : (
            <>
              <FileList title={t("Removed for good")} files={preview.removes} />
              <FileList title={t("Put into the trash")} files={preview.moves} />
              {isToken ? <TokenField repair={repair} value={given} onChange={setGiven} /> : null}
            </>
          )}
        </>
      )}
      {unseen === null ? null : <ErrorCard error={unseen} />}
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      <div className="pk-failure-actions">
        {said !== null || preview === null || refused !== null ? null : (
          <Button
            submits
            kind={removesForGood ? "danger" : "primary"}
            obstacle={obstacle ?? (isToken && given.trim() === "" ? t("Nothing is typed yet") : null)}
            busy={action.busy}
            onPress={() => undefined}
          >
            {label}
          </Button>
        )}
        <Button onPress={onClose}>
          {said === null && refused === null && !action.busy ? t("Cancel") : t("Close")}
        </Button>
      </div>
    </form>
  );
}

const MOST_FILES = 6;

function FileList({ title, files }: { title: string; files: RepairPreview["moves"] }) {
  const { t } = useFrame().host;
  if (files.length === 0) return null;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <>
      <p className="pk-soft">
        {title}: {sizeText(bytes)}
      </p>
      <ul className="pk-repair-files">
        {files.slice(0, MOST_FILES).map((file) => (
          <li key={file.path} className="pk-path">
            {file.path} <span className="pk-soft pk-number">{sizeText(file.bytes)}</span>
          </li>
        ))}
        {files.length > MOST_FILES ? (
          <li className="pk-soft">{t("and {count} more", { count: files.length - MOST_FILES })}</li>
        ) : null}
      </ul>
    </>
  );
}

interface TokenFieldProps {
  repair: Extract<Repair, { kind: "set-token" }>;
  value: string;
  onChange(value: string): void;
}

function TokenField({ repair, value, onChange }: TokenFieldProps) {
  const { host, openPage } = useFrame();
  const { name, page } = repair.params;
  return (
    <>
      {page === null ? null : (
        <button type="button" className="pk-link" onClick={() => openPage(page)}>
          {host.t("Get one at {page}", { page: page.replace(/^https?:\/\//, "") })}
        </button>
      )}
      <label className="pk-field">
        <span>{name}</span>
        <input
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={value}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
          onChange={() => undefined}
        />
      </label>
    </>
  );
}
