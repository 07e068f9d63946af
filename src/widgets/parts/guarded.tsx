import type { ReactNode } from "react";
import { toWireError } from "../../runtime/protocol/errors.js";
import { useConnectionLine } from "../connection-line.js";
import { useHost, useSnapshot } from "../host.js";
import { Button } from "./button.js";
import { Empty } from "./empty.js";
import { ErrorBoundary } from "./error-boundary.js";
import { ErrorCard } from "./error-card.js";

/** A view, once something was heard from the sidecar. One that throws says so, and what is around it lives on. */
export function Guarded({ children }: { children: ReactNode }) {
  return (
    <ErrorBoundary fallback={(error, retry) => <BrokenView error={error} onRetry={retry} />}>
      <WhenKnown>{children}</WhenKnown>
    </ErrorBoundary>
  );
}

/** Until something was heard from the sidecar there is nothing to draw but why. */
function WhenKnown({ children }: { children: ReactNode }) {
  const line = useConnectionLine();
  const known = useSnapshot() !== null;
  if (known) return children;
  if (line === null) return null;
  return (
    <Empty title={line.text}>
      {line.hint === undefined ? null : <p className="pk-soft">{line.hint}</p>}
      {line.action === undefined ? null : (
        <Button icon="refresh" onPress={line.action.press}>
          {line.action.label}
        </Button>
      )}
    </Empty>
  );
}

function BrokenView({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const { t } = useHost();
  const { message } = toWireError(error);
  return (
    <ErrorCard
      error={{
        code: "internal",
        message: t("This view has an error: {message}", { message }),
        hint: t("The other views still work"),
      }}
    >
      <Button onPress={onRetry}>{t("Show it again")}</Button>
    </ErrorCard>
  );
}
