import { readWindow } from "../../runtime/protocol/questions.js";
import type { Run } from "../../runtime/protocol/runs.js";
import { useRemembered } from "../host.js";
import { windowId } from "../questions/window.js";
import { WindowPaper } from "./window-paper.js";

/** What these runs show until they take it away: a line about what is being worked on, and windows nobody waits for. */
export function ShownBy({ runs }: { runs: readonly Run[] }) {
  return runs.map((run) => <RunShows key={run.id} run={run} />);
}

function RunShows({ run }: { run: Run }) {
  const { shown, questions = [] } = run;
  if (shown === undefined) return null;
  const windowQuestions = questions.filter(({ kind }) => kind.startsWith("htmlmodal."));
  const asked = new Set(windowQuestions.map(({ params }) => windowId(params)));
  const windows = shown.windows.filter(({ id }) => !asked.has(id));
  return (
    <>
      {windows.map(({ id, params }) => (
        <ShownWindow key={id} placeOf={`${run.id} ${id}`} params={params} />
      ))}
    </>
  );
}

/** What a run says it is working on. */
export function LoadingLine({ run }: { run: Run }) {
  const text = run.shown?.loading;
  if (text === undefined || text === null || text === "") return null;
  return (
    <p className="pk-loading" role="status">
      <span className="pk-dot pk-dot-busy" aria-hidden="true" />
      {text}
    </p>
  );
}

function ShownWindow({ placeOf, params }: { placeOf: string; params: Record<string, unknown> }) {
  const text = JSON.stringify(params);
  const [closed, setClosed] = useRemembered<string | null>(`window ${placeOf}`, null);
  // Closed here it stays closed until it says something else.
  if (closed === text) return null;
  return (
    <section className="pk-ask pk-ask-shown">
      <WindowPaper
        window={readWindow(params)}
        obstacle={null}
        busy={false}
        onAction={null}
        onDismiss={() => setClosed(text)}
      />
    </section>
  );
}
