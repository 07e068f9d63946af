import { useRef } from "react";
import type { FoundPackages, Wish } from "./wish.js";

interface Answer {
  /** The wish that it answers, as text. */
  wanted: string;
  found: FoundPackages;
}

/**
 * What was found, in the order in which it stands already: an app that is installed meanwhile does not move away under
 * the pointer. Another wish has an order of its own.
 */
export function useSteadyOrder(answer: Answer | null): FoundPackages | null {
  const last = useRef<(Answer & { steady: FoundPackages }) | null>(null);
  if (answer === null) return null;
  const { wanted, found } = answer;
  if (last.current?.found === found && last.current.wanted === wanted) return last.current.steady;
  const isSame = last.current !== null && withoutMost(last.current.wanted) === withoutMost(wanted);
  const steady = isSame && last.current !== null ? inOrderOf(last.current.steady, found) : found;
  last.current = { wanted, found, steady };
  return steady;
}

const withoutMost = (wanted: string): string => JSON.stringify({ ...(JSON.parse(wanted) as Wish), most: 0 });

function inOrderOf({ packages: before }: FoundPackages, found: FoundPackages): FoundPackages {
  const left = new Map(found.packages.map((one) => [one.id, one]));
  const stay = before.flatMap(({ id }) => {
    const one = left.get(id);
    left.delete(id);
    return one ?? [];
  });
  return { ...found, packages: [...stay, ...left.values()] };
}
