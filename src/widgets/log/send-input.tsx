import { useId, useState } from "react";
import type { Run } from "../../runtime/protocol/runs.js";
import { useAction, useHost, useObstacle } from "../host.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";

const ENTER = "\r";
const CTRL_C = "\u0003";

/** A line for the terminal of a run; easy to see when its step waits for somebody to type. */
export function SendInput({ run }: { run: Run }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const id = useId();
  const [line, setLine] = useState("");
  const isWanted = run.step?.takesInput === true && run.state !== "stopping";
  const send = (text: string) => action.start(() => client.request("runs.type", { runId: run.id, text }));
  return (
    <form
      className={isWanted ? "pk-type pk-type-wanted" : "pk-type"}
      onSubmit={(event) => {
        event.preventDefault();
        if (obstacle !== null) return;
        send(`${line}${ENTER}`);
        setLine("");
      }}
    >
      {isWanted ? <label htmlFor={id}>{t("This step takes what you type")}</label> : null}
      <div className="pk-type-line">
        <input
          id={id}
          type="text"
          {...(isWanted ? {} : { "aria-label": t("Send input") })}
          placeholder={t("Send input")}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={60_000}
          value={line}
          onChange={({ target }) => setLine(target.value)}
        />
        <Button kind={isWanted ? "primary" : "quiet"} submits obstacle={obstacle} onPress={() => undefined}>
          {t("Send")}
        </Button>
        <Button
          kind="quiet"
          obstacle={obstacle}
          title={t("Interrupts what runs in the terminal")}
          onPress={() => send(CTRL_C)}
        >
          {t("Ctrl-C")}
        </Button>
      </div>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </form>
  );
}
