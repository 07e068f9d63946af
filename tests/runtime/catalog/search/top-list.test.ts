import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { TopList } from "../../../../src/runtime/catalog/search/top-list.js";

test("it holds what sorting everything would put first", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 0, max: 12 }), (numbers, most) => {
      const order = (one: number, other: number) => one - other;
      const top = new TopList(most, order);
      for (const number of numbers) top.add(number);
      expect(top.sorted()).toEqual([...numbers].sort(order).slice(0, most));
    }),
  );
});
