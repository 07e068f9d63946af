import type { ConfigChoice } from "../../protocol/config.js";
import type { Recognise } from "./kind.js";

const NUMBERS =
  /^(?:cuda_visible_devices|hip_visible_devices|gpus?|(?:gpu|cuda)_(?:id|ids|index|device|devices)|device_ids?)$/;
const DEVICES = /^(?:device|torch_device|compute_device)$/;

/** A graphics card of this machine, by its number, or a device by the name that PyTorch gives it. */
export const gpu: Recognise = ({ name, value, machine: { gpus } }) => {
  const text = value === null ? "" : String(value);
  if (NUMBERS.test(name) && /^(?:-?\d+(?:,-?\d+)*)?$/.test(text)) {
    const cards = gpus.map((card): ConfigChoice => ({
      value: String(card.index),
      label: `${card.index}: ${card.name}`,
    }));
    const all = gpus.length > 1 ? [{ value: gpus.map(({ index }) => index).join(","), label: "All of them" }] : [];
    return { kind: "gpu", choices: [...cards, ...all, { value: "-1", label: "None: the processor" }], open: true };
  }
  if (!DEVICES.test(name) || !/^(?:|auto|cpu|mps|cuda(?::\d+)?)$/.test(text)) return null;
  const cards = gpus.map((card): ConfigChoice => ({
    value: `cuda:${card.index}`,
    label: `cuda:${card.index} (${card.name})`,
  }));
  const words = ["auto", "cpu", ...(gpus.length > 0 ? ["cuda"] : [])].map((word) => ({ value: word, label: word }));
  return { kind: "gpu", choices: [...words, ...cards], open: true };
};
