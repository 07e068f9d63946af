import { type ReactNode, useId } from "react";
import { useRemembered } from "../host.js";
import { Icon } from "./icon.js";

interface FoldedSectionProps {
  /** Names it among all that are folded. */
  id: string;
  title: string;
  /** What it holds, in a few words beside the title. */
  summary?: string | undefined;
  isOpenAtFirst?: boolean;
  children: ReactNode;
}

/** A part of a long view behind its heading; what was opened stays so while another tab is shown. */
export function FoldedSection({ id, title, summary, isOpenAtFirst = false, children }: FoldedSectionProps) {
  const [isOpen, setOpen] = useRemembered(`fold ${id}`, isOpenAtFirst);
  const body = useId();
  return (
    <section className="pk-fold" aria-label={title}>
      <h2 className="pk-fold-head">
        <button type="button" aria-expanded={isOpen} aria-controls={body} onClick={() => setOpen(!isOpen)}>
          <Icon name={isOpen ? "down" : "right"} />
          {title}
        </button>
      </h2>
      {summary === undefined ? null : <span className="pk-fold-summary pk-soft">{summary}</span>}
      <div id={body} className="pk-fold-body" hidden={!isOpen}>
        {isOpen ? children : null}
      </div>
    </section>
  );
}
