// What browsers have and jsdom lacks.
import { webcrypto } from "node:crypto";
import { TextDecoder, TextEncoder } from "node:util";

Object.assign(globalThis, { TextDecoder, TextEncoder });
Object.defineProperty(globalThis, "crypto", { value: webcrypto, configurable: true });

// Lumino's widgets look for it when they are imported.
if (typeof MouseEvent !== "undefined") globalThis.DragEvent ??= class extends MouseEvent {} as typeof DragEvent;
