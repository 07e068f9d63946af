// Tests with real processes and browsers.
import { jest } from "@jest/globals";

jest.setTimeout(120_000);
