import { useCallback } from "react";
import type { FirstSteps, PlatformPolicy } from "../../runtime/protocol/system.js";
import { useFrame, useRemembered, useSelected } from "../host.js";
import { NO_WISH, type Wish, WISH_KEY } from "../discover/wish.js";

/** A sidecar that knows nothing of them has nobody begin. */
const OVER: FirstSteps = { isOver: true, policy: null };
const SHOWN_KEY = "first steps shown";

export interface FirstStepsNow {
  /** Their page takes the place of Discover. */
  isShown: boolean;
  /** What a person has to know of the platform and has not put away. */
  policy: PlatformPolicy | null;
  /** They are done, or unwanted: for everybody who looks at this home. */
  finish(): void;
  putPolicyAway(): void;
}

export function useFirstSteps(): FirstStepsNow {
  const { host, memory } = useFrame();
  const { client } = host;
  const { isOver, policy } = useSelected((state) => state?.firstSteps ?? OVER);
  // Shown again or put away in this view: also where the home cannot be written.
  const isShownHere = (memory.get(SHOWN_KEY) as boolean | undefined) ?? null;
  const [, setShownHere] = useRemembered<boolean | null>(SHOWN_KEY, null);
  const [putAway, setPutAway] = useRemembered("policy put away", "");
  const wish = memory.get(WISH_KEY) as Wish | undefined;
  const isLookedFor = wish !== undefined && wish !== NO_WISH && wish.text !== "";
  const finish = useCallback(() => {
    setShownHere(false);
    client.request("firstSteps.change", { isOver: true }).catch(() => undefined);
  }, [client, setShownHere]);
  return {
    isShown: (isShownHere ?? !isOver) && !isLookedFor,
    policy: policy?.id === putAway ? null : policy,
    finish,
    putPolicyAway: () => {
      if (policy === null) return;
      setPutAway(policy.id);
      client.request("firstSteps.change", { policyRead: policy.id }).catch(() => undefined);
    },
  };
}

/** Goes to the page of the first steps again, in this view only. */
export function useShowAgain(): () => void {
  const { goTo, memory } = useFrame();
  return () => {
    memory.set(SHOWN_KEY, true);
    goTo("discover");
  };
}
