import { useEffect, useState } from "react";
import { useConnection, useHost, useNow } from "./host.js";

/** Where the connection stands, in words, when that is worth saying. */
export interface ConnectionLine {
  level: "info" | "warning" | "error";
  text: string;
  hint: string | undefined;
  action: { label: string; press(): void } | undefined;
}

/** A connection that takes no longer than this is not worth a word. */
const SILENT_MS = 600;

export function useConnectionLine(): ConnectionLine | null {
  const { client, isPart, t } = useHost();
  const connection = useConnection();
  const now = useNow(connection.kind === "waiting");
  const slow = useSlow(connection.kind === "connecting");

  const press = () => client.retryNow();
  switch (connection.kind) {
    case "connected":
      return null;
    case "connecting":
      return slow ? { level: "info", text: t("Connecting to PinokioCloud"), hint: undefined, action: undefined } : null;
    case "waiting": {
      const { message, hint } = connection;
      const seconds = Math.max(1, Math.ceil((connection.retryAt - now) / 1000));
      const text = t("Not connected: {message}. Trying again in {seconds} s", { message, seconds });
      return { level: "warning", text, hint, action: { label: t("Try now"), press } };
    }
    case "given-up": {
      const { code, message, hint, context } = connection.error;
      if (code === "sidecar-stopped")
        return { level: "info", text: message, hint, action: { label: t("Start"), press } };
      const isOld = code === "protocol-mismatch" && context?.["older"] === "asker";
      if (isOld)
        return {
          level: "error",
          text: message,
          hint,
          action: { label: t("Reload the page"), press: () => location.reload() },
        };
      const isLeft = isPart === true && code === "session-ended";
      const remedy = isLeft ? t("Run the setup cell, then this cell again") : hint;
      return { level: "error", text: message, hint: remedy, action: { label: t("Try again"), press } };
    }
    case "closed":
      return { level: "info", text: t("The connection was closed"), hint: undefined, action: undefined };
  }
}

function useSlow(busy: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(() => setSlow(true), SILENT_MS);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [busy]);
  return slow;
}
