// Tests work with real processes, files and browsers, on machines that are busy with other things.
import { jest } from "@jest/globals";

jest.setTimeout(120_000);
