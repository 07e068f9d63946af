import { useId, useState } from "react";
import { useHost, useObstacle } from "../host.js";
import { Button } from "./button.js";

/** Asks for the token of a private repository. It is sent once, and shown by nobody. */
export function TokenForm({ busy, onToken }: { busy: boolean; onToken(token: string): void }) {
  const { t } = useHost();
  const obstacle = useObstacle();
  const id = useId();
  const [token, setToken] = useState("");
  return (
    <form
      className="pk-token"
      onSubmit={(event) => {
        event.preventDefault();
        if (token.trim() !== "") onToken(token.trim());
      }}
    >
      <label htmlFor={id}>{t("Token that may read the repository")}</label>
      <span className="pk-token-line">
        <input
          id={id}
          type="password"
          autoComplete="off"
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <Button
          submits
          kind="primary"
          obstacle={token.trim() === "" ? t("Enter a token first") : obstacle}
          busy={busy}
          onPress={() => undefined}
        >
          {t("Use it")}
        </Button>
      </span>
    </form>
  );
}
