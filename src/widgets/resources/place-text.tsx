import { Fragment } from "react";

/** A path that is broken between folders where it has to be. */
export function PlaceText({ place }: { place: string }) {
  const parts = place.split("/");
  return (
    <bdi>
      {parts.map((part, at) => (
        <Fragment key={at}>
          {part}
          {at === parts.length - 1 ? null : (
            <>
              /<wbr />
            </>
          )}
        </Fragment>
      ))}
    </bdi>
  );
}
