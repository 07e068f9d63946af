/*
 * What is saved with every notebook: asks the kernel for the view's code by its hash, once per page, and hands over to
 * it. It must stay under 1 KB and work with anywidget 0.9.21 and later.
 */

interface StubModel {
  get(name: string): string;
  on(event: string, callback: (message: StubMessage, buffers: DataView[]) => void): void;
  off(event: string, callback: (message: StubMessage, buffers: DataView[]) => void): void;
  send(message: unknown): void;
}
interface StubMessage {
  t: string;
  hash: string;
  message?: string;
}
interface StubProps {
  model: StubModel;
  el: HTMLElement;
}
type Module = { default: { render(props: StubProps): () => void } };

const page = globalThis as { __pinokiocloud?: Record<string, { module?: Module; asked?: number }> };
const bundles = (page.__pinokiocloud ??= {});

const render = ({ model, el }: StubProps): (() => void) => {
  const hash = model.get("bundle");
  const bundle = (bundles[hash] ??= {});
  const since = Date.now();
  let cleanup: (() => void) | undefined;

  const look = () => {
    const { module, asked = 0 } = bundle;
    if (module) {
      stop();
      el.textContent = "";
      cleanup = module.default.render({ model, el });
      return;
    }
    const now = Date.now();
    // Another view of the page may have asked a moment ago.
    if (now - asked > 5000) {
      bundle.asked = now;
      try {
        model.send({ t: "need-bundle", hash });
      } catch {
        // The kernel is gone for good; the person is told below.
      }
    }
    if (now - since > 20000) el.textContent = "Session ended: run the setup cell again";
    else if (now - since > 400) el.textContent ||= "Waiting for the kernel";
  };
  const onMessage = (message: StubMessage, [data]: DataView[]) => {
    if (message.hash !== hash || bundle.module) return;
    if (message.t === "no-bundle") el.textContent = message.message ?? "";
    if (message.t === "bundle" && data) void take(data as DataView<ArrayBuffer>);
  };
  const take = async (code: DataView<ArrayBuffer>) => {
    // Pages without https have no `subtle`; there the echoed hash has to do.
    const digest = await crypto.subtle?.digest("SHA-256", code);
    const found = digest && [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (found && found !== hash) return;
    bundle.module = (await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))) as Module;
    look();
  };
  const stop = () => {
    clearInterval(timer);
    model.off("msg:custom", onMessage);
  };
  model.on("msg:custom", onMessage);
  const timer = setInterval(look, 500);
  look();
  return () => {
    stop();
    cleanup?.();
  };
};

export default { render };
