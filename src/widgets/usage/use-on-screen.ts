import { type RefObject, useEffect, useState } from "react";

/** Whether a person can see the element: it is scrolled to, its panel is open and the page is in front. */
export function useOnScreen(element: RefObject<Element | null>): boolean {
  const [inView, setInView] = useState(false);
  const [inFront, setInFront] = useState(() => document.visibilityState !== "hidden");

  useEffect(() => {
    const look = () => setInFront(document.visibilityState !== "hidden");
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);

  useEffect(() => {
    if (element.current === null) return;
    if (typeof IntersectionObserver === "undefined") return setInView(true);
    const observer = new IntersectionObserver((entries) => setInView(entries.at(-1)?.isIntersecting === true));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);

  return inView && inFront;
}
