/* global jest */

// A limit against hanging, not a measure of speed: other processes may keep every core busy.
jest.setTimeout(60_000);
