import { useEffect, useRef, useState } from "react";
import { toWireError, type WireError } from "../../runtime/protocol/errors.js";
import type { Run } from "../../runtime/protocol/runs.js";
import { useHost, useObstacle } from "../host.js";
import { LogText } from "../log-text.js";
import { sizeText } from "../measures.js";
import { IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { readEnd } from "./read-part.js";

/** More is hardly ever pasted anywhere: it can be had as a file. */
const MOST_BYTES = 1024 * 1024;
const SHOWN_MS = 2000;

/** Puts the end of what a run has printed on the clipboard, as it would be read. */
export function LogCopy({ run }: { run: Run }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const [isCopied, setCopied] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const [error, setError] = useState<WireError | null>(null);
  const closing = useRef(new AbortController());
  useEffect(() => {
    const mine = (closing.current = new AbortController());
    return () => mine.abort();
  }, []);
  useEffect(() => {
    if (!isCopied) return;
    const later = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(later);
  }, [isCopied]);

  const { id, outputBytes } = run;
  const isLong = outputBytes > MOST_BYTES;
  const copy = async () => {
    const { signal } = closing.current;
    try {
      const { bytes, from } = await readEnd(client, id, MOST_BYTES, signal);
      await navigator.clipboard.writeText(textOf(bytes, from > 0)).then(
        () => setCopied(true),
        () => setRefused(true),
      );
    } catch (reason) {
      if (!signal.aborted) setError(toWireError(reason));
    }
  };

  return (
    <>
      <IconButton
        icon={isCopied ? "check" : "copy"}
        label={isLong ? t("Copy the last {size} of the output", { size: sizeText(MOST_BYTES) }) : t("Copy the output")}
        obstacle={obstacle ?? (outputBytes === 0 ? t("No output yet") : null)}
        onPress={() => void copy()}
      />
      <span className="pk-hidden" role="status">
        {isCopied ? t("Copied") : ""}
      </span>
      {isRefused ? (
        <p className="pk-soft" role="alert">
          {t("This page may not use the clipboard: select the output with Ctrl+A, or download it")}
        </p>
      ) : null}
      {error === null ? null : <ErrorCard error={error} onDismiss={() => setError(null)} />}
    </>
  );
}

function textOf(bytes: Uint8Array, isCut: boolean): string {
  const text = new LogText(Infinity);
  text.push(new TextDecoder().decode(bytes));
  const { lines, tail } = text.take();
  return [...lines.slice(isCut ? 1 : 0), tail].join("\n");
}
