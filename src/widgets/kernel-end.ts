/**
 * What JupyterLab's widget manager tells of the kernel that widgets belong to. It marks widgets as dead only when that
 * one is restarted, so who wants to know of any other end asks here. Other managers have nothing of this.
 */
interface Manager {
  context?: {
    sessionContext?: {
      kernelChanged?: Signal<{ oldValue: Kernel | null; newValue: Kernel | null }>;
      statusChanged?: Signal<string>;
    };
  };
}
interface Kernel {
  id: string;
}
interface Signal<Value> {
  connect(listener: (sender: unknown, value: Value) => void): void;
  disconnect(listener: (sender: unknown, value: Value) => void): void;
}

export type KernelEnd = "restarted" | "gone";

const ENDS: Readonly<Record<string, KernelEnd>> = {
  restarting: "restarted",
  autorestarting: "restarted",
  terminating: "gone",
  dead: "gone",
};

/** Tells how the kernel of a widget ended; returns what stops listening. */
export function onKernelEnd(manager: unknown, tell: (end: KernelEnd) => void): () => void {
  const { kernelChanged, statusChanged } = (manager as Manager | null | undefined)?.context?.sessionContext ?? {};
  const onChanged = (_: unknown, { oldValue, newValue }: { oldValue: Kernel | null; newValue: Kernel | null }) => {
    if (oldValue !== null && oldValue.id !== newValue?.id) tell("gone");
  };
  const onStatus = (_: unknown, status: string) => {
    const end = ENDS[status];
    if (end !== undefined) tell(end);
  };
  kernelChanged?.connect(onChanged);
  statusChanged?.connect(onStatus);
  return () => {
    kernelChanged?.disconnect(onChanged);
    statusChanged?.disconnect(onStatus);
  };
}
