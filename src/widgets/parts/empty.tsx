import type { ReactNode } from "react";

/** What stands where a list would be. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="pk-empty">
      <p className="pk-empty-title">{title}</p>
      {children}
    </div>
  );
}
