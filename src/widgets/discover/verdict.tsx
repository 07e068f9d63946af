import { useId, useState } from "react";
import type { Fit, FitVerdict } from "../../runtime/protocol/packages.js";
import { useHost } from "../host.js";

const DOTS: Readonly<Record<FitVerdict, string>> = {
  fits: "pk-dot-good",
  tight: "pk-dot-caution",
  slow: "pk-dot-caution",
  unknown: "pk-dot-open",
  no: "pk-dot-bad",
};

const WORDS: Readonly<Record<FitVerdict, string>> = {
  fits: "Fits",
  tight: "Tight",
  slow: "Slow",
  unknown: "Not certain",
  no: "Will not run here",
};

/** How a package fits this machine and the first reason; where there are more, all are a look away. */
export function Verdict({ fit: { verdict, reasons } }: { fit: Fit }) {
  const { t } = useHost();
  const id = useId();
  const [isClosed, setClosed] = useState(false);
  const [first] = reasons;
  const line = (
    <>
      <span className={`pk-dot ${DOTS[verdict]}`} />
      <span className="pk-verdict-text">
        {t(WORDS[verdict])}
        {first === undefined ? "" : `: ${first.text}`}
      </span>
    </>
  );
  if (reasons.length < 2) return <div className="pk-verdict">{line}</div>;
  return (
    <div
      className="pk-verdict"
      tabIndex={0}
      aria-describedby={id}
      data-closed={isClosed || undefined}
      onPointerEnter={() => setClosed(false)}
      onFocus={() => setClosed(false)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || isClosed) return;
        event.stopPropagation();
        setClosed(true);
      }}
    >
      {line}
      <ul className="pk-reasons" id={id} role="tooltip">
        {reasons.map(({ text, verdict: own }) => (
          <li key={text}>
            <span className={`pk-dot ${own === null ? "pk-dot-none" : DOTS[own]}`} />
            {text}
          </li>
        ))}
      </ul>
    </div>
  );
}
