/** Something a script tells, for the moment. */
export interface Toast {
  /** The same one again replaces it. */
  id: string;
  level: "info" | "success" | "warning" | "error";
  /** The app it comes from. */
  from: string;
  text: string;
  /** Null when it stays until a person puts it away. */
  lastsMs: number | null;
  action: { label: string; press(): void } | null;
}

/** Where toasts are shown: in the frame, or by JupyterLab. */
export interface ToastBoard {
  show(toast: Toast): void;
  remove(id: string): void;
}
