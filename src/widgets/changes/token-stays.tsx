import type { RemovalPreview } from "../../runtime/protocol/changes.js";
import { useHost } from "../host.js";

/** Said before an app goes that a token was given for and that is the last one from there. */
export function TokenStays({ token }: Pick<RemovalPreview, "token">) {
  const { t } = useHost();
  if (token === null) return null;
  const { name, host } = token;
  return (
    <p className="pk-soft pk-path">
      {t("{name}, the token for {host}, stays, and no other app is from there. It can be forgotten in System.", {
        ...{ name, host },
      })}
    </p>
  );
}
