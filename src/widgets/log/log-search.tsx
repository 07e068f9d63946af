import { type ReactNode, useEffect, useRef, useState } from "react";
import { toWireError, type WireError } from "../../runtime/protocol/errors.js";
import type { RunId } from "../../runtime/protocol/ids.js";
import type { ReplyOf } from "../../runtime/protocol/requests.js";
import { useHost, useObstacle } from "../host.js";
import { sizeText } from "../measures.js";
import { IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import type { Translate } from "../view.js";

const MOST_FOUND = 200;

type Results = { text: string } & ({ kind: "searching" } | ({ kind: "found" } & ReplyOf<"output.search">));

interface LogSearchProps {
  runId: RunId;
  /** The line that is shown: its first byte. */
  chosen: number | null;
  onChoose(offset: number | null): void;
  /** Other things to do, beside the box. */
  children: ReactNode;
}

/** Looks through all that a run has printed, also what is no longer on the screen. */
export function LogSearch({ runId, chosen, onChoose, children }: LogSearchProps) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const [wanted, setWanted] = useState("");
  const [results, setResults] = useState<Results | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const latest = useRef(0);
  useEffect(() => () => void latest.current++, []);

  const clear = () => {
    latest.current++;
    setWanted("");
    setResults(null);
    setError(null);
    onChoose(null);
  };
  const search = () => {
    const text = wanted.trim();
    if (text === "") return clear();
    const mine = ++latest.current;
    setError(null);
    setResults({ kind: "searching", text });
    client.request("output.search", { runId, text, most: MOST_FOUND }).then(
      (reply) => mine === latest.current && setResults({ kind: "found", text, ...reply }),
      (reason: unknown) => {
        if (mine !== latest.current) return;
        setResults(null);
        setError(toWireError(reason));
      },
    );
  };

  return (
    <>
      <form
        className="pk-log-tools"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          search();
        }}
      >
        <input
          type="search"
          aria-label={t("Search the output")}
          placeholder={t("Search the output")}
          maxLength={500}
          value={wanted}
          onChange={({ target }) => (target.value === "" ? clear() : setWanted(target.value))}
          onKeyDown={(event) => {
            if (event.key === "Escape") clear();
          }}
        />
        <IconButton icon="search" label={t("Search")} obstacle={obstacle} onPress={search} />
        {children}
      </form>
      {results === null ? null : <Found results={results} chosen={chosen} onChoose={onChoose} />}
      {error === null ? null : <ErrorCard error={error} onDismiss={() => setError(null)} />}
    </>
  );
}

function Found({ results, chosen, onChoose }: { results: Results } & Pick<LogSearchProps, "chosen" | "onChoose">) {
  const { t } = useHost();
  return (
    <div className="pk-found">
      <p className="pk-soft pk-number" role="status">
        {[summary(results, t), goneText(results, t)].filter(Boolean).join(" · ")}
      </p>
      {results.kind !== "found" || results.lines.length === 0 ? null : (
        <ul className="pk-found-lines" aria-label={t("Lines that were found")}>
          {results.lines.map(({ offset, text }) => (
            <li key={offset}>
              <button
                type="button"
                className="pk-found-line"
                aria-pressed={offset === chosen}
                title={t("Show this place")}
                onClick={() => onChoose(offset)}
              >
                <Marked line={text} text={results.text} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function summary(results: Results, t: Translate): string {
  const { kind, text } = results;
  if (kind === "searching") return t("Searching");
  const count = results.lines.length;
  if (count === 0) return t("No line holds “{text}”", { text });
  if (results.isMore) return t("The first {count} lines with “{text}”", { count, text });
  return count === 1 ? t("1 line with “{text}”", { text }) : t("{count} lines with “{text}”", { count, text });
}

const goneText = (results: Results, t: Translate): string =>
  results.kind === "found" && (results.goneBytes ?? 0) > 0
    ? t("{size} of earlier output are gone", { size: sizeText(results.goneBytes ?? 0) })
    : "";

/** The line from a little before what was looked for, so that it is seen in a narrow list. */
function Marked({ line, text }: { line: string; text: string }) {
  const at = line.toLowerCase().indexOf(text.toLowerCase());
  if (at < 0) return line;
  const from = at > 24 ? at - 16 : 0;
  return (
    <>
      {from > 0 ? "…" : ""}
      {line.slice(from, at)}
      <mark>{line.slice(at, at + text.length)}</mark>
      {line.slice(at + text.length)}
    </>
  );
}
