import { useState } from "react";
import type * as z from "zod";
import { toWireError } from "../../runtime/protocol/errors.js";
import type { Question, Run } from "../../runtime/protocol/runs.js";
import { scriptName } from "../app-condition.js";
import { useAction, useHost, useObstacle } from "../host.js";
import { IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { Icon } from "../parts/icon.js";
import { kindOf } from "./index.js";

type Json = z.infer<ReturnType<typeof z.json>>;

/** What these runs ask, each with what answers it. Answered by somebody else, it goes away here too. */
export function QuestionsOf({ runs }: { runs: readonly Run[] }) {
  const { t } = useHost();
  const [late, setLate] = useState<string | null>(null);
  return (
    <>
      {runs.flatMap((run) =>
        (run.questions ?? []).map((question) => (
          <Asked
            key={question.id}
            run={run}
            question={question}
            onAnswering={() => setLate(null)}
            onLate={() => setLate(scriptName(run))}
          />
        )),
      )}
      {late === null ? null : (
        <p className="pk-late" role="status">
          <Icon name="info" />
          <span>
            {t("Somebody else was faster and has answered {script}; your answer was not taken", { script: late })}
          </span>
          <IconButton icon="close" label={t("Dismiss")} onPress={() => setLate(null)} />
        </p>
      )}
    </>
  );
}

interface AskedProps {
  run: Run;
  question: Question;
  onAnswering(): void;
  /** Somebody else has answered before. */
  onLate(): void;
}

function Asked({ run, question, onAnswering, onLate }: AskedProps) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const { View } = kindOf(question.kind);
  const answer = (value: unknown) =>
    action.start(async () => {
      onAnswering();
      const sent = { runId: run.id, question: question.id, value: value as Json };
      try {
        await client.request("runs.answer", sent);
      } catch (error) {
        if (toWireError(error).code !== "answered-already") throw error;
        onLate();
      }
    });
  return (
    <section className="pk-ask" aria-label={t("{script} asks", { script: scriptName(run) })}>
      <p className="pk-ask-from">
        <Icon name="question" />
        {t("{script} waits for you", { script: scriptName(run) })}
      </p>
      <View run={run} question={question} obstacle={obstacle} busy={action.busy} answer={answer} />
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </section>
  );
}
