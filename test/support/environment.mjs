import { TestEnvironment } from 'jest-environment-node';

const shared = [
  'Float32Array',
  'Float64Array',
  'Int32Array',
  'Uint16Array',
  'Uint32Array',
  'BigInt64Array',
];

/**
 * Jest runs tests in a realm of its own, with its own typed arrays; onnxruntime's native code makes
 * those of the outer realm, and its JavaScript side refuses them. So tests share the outer ones.
 */
export default class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of shared) this.global[name] = globalThis[name];
  }
}
