import { useHost, useSnapshot } from "../host.js";

interface NeededByProps {
  names: readonly string[];
  /** It is said beside something else, and not because what they need is about to go. */
  isSoft?: boolean;
}

/** Packages and apps that need something; apps are called as people know them. */
export function NeededBy({ names, isSoft = false }: NeededByProps) {
  const { t } = useHost();
  const apps = useSnapshot()?.apps ?? [];
  if (names.length === 0) return null;
  const packages = names.map((name) => apps.find(({ id }) => id === name)?.title || name).join(", ");
  return <p className={isSoft ? "pk-soft" : "pk-warning-text"}>{t("Needed by {packages}", { packages })}</p>;
}
