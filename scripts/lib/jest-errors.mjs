// Jest gives tests an `Error` of their own, but Node's modules throw the outer one. As outside of tests, both count.
import { types } from "node:util";

const isInstance = Function.prototype[Symbol.hasInstance];

Object.defineProperty(Error, Symbol.hasInstance, {
  value(value) {
    return isInstance.call(this, value) || (this === Error && types.isNativeError(value));
  },
});
