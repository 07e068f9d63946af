import { expect, jest, test } from "@jest/globals";
import { createNavigation, type Target } from "../../src/widgets/navigation.js";
import { sampleRun } from "../helpers/samples.js";

const target: Target = { appId: sampleRun().appId, runId: sampleRun().id };

test("what was wanted before anybody listened is there for who comes first, once", () => {
  const navigation = createNavigation();
  navigation.show({ appId: null, runId: null });
  navigation.show(target);
  const first = jest.fn();
  const second = jest.fn();
  navigation.listen(first);
  navigation.listen(second);
  expect(first.mock.calls).toEqual([[target]]);
  expect(second).not.toHaveBeenCalled();
});

test("who listens hears of what comes, until they stop", () => {
  const navigation = createNavigation();
  const heard = jest.fn();
  const stop = navigation.listen(heard);
  navigation.show(target);
  stop();
  navigation.show(target);
  expect(heard).toHaveBeenCalledTimes(1);
});
