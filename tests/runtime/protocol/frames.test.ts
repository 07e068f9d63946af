import { expect, test } from "@jest/globals";
import { packOutput, unpackOutput } from "../../../src/runtime/protocol/frames.js";
import { StreamId } from "../../../src/runtime/protocol/ids.js";

test("output survives packing, offsets beyond 4 GB too", () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const frame = packOutput(StreamId.parse(7), 5_000_000_000, bytes);
  expect(unpackOutput(frame)).toEqual({ stream: 7, offset: 5_000_000_000, bytes });
});

test("a frame that is too short is none", () => {
  expect(unpackOutput(new Uint8Array(11))).toBeNull();
});
