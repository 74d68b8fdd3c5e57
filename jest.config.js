// Unit tests stand beside their code and run from source; everything under test/ drives the built
// product (real processes, PostgreSQL and Temporal). `slow` are those that kill, take away and train
// encoders: minutes each. `record` and `chaos` run on request only.
const swc = [
  '@swc/jest',
  { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
];
const common = {
  testEnvironment: '<rootDir>/test/support/environment.mjs',
  transform: { '^.+\\.ts$': swc },
  // `import()` names the built file, whose source the tests run.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  setupFilesAfterEnv: ['<rootDir>/test/support/patience.js'],
};
const product = {
  ...common,
  roots: ['<rootDir>/test'],
  globalSetup: '<rootDir>/test/support/globalSetup.ts',
  globalTeardown: '<rootDir>/test/support/globalTeardown.ts',
};
const slow = ['durability', 'encoders'];
module.exports = {
  // Tests wait more than they compute; jest would leave one core to others.
  maxWorkers: '100%',
  projects: [
    {
      ...common,
      displayName: 'unit',
      roots: ['src', 'api', 'activities', 'workflows', 'migrations', 'cli'].map(
        (d) => `<rootDir>/${d}`,
      ),
      testMatch: ['**/*.test.ts'],
    },
    {
      ...product,
      displayName: 'product',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: slow.map((folder) => `/test/${folder}/`),
    },
    {
      ...product,
      displayName: 'slow',
      testMatch: slow.map((folder) => `**/test/${folder}/**/*.test.ts`),
    },
    { ...product, displayName: 'record', testMatch: ['**/*.record.ts'] },
    { ...product, displayName: 'chaos', testMatch: ['**/*.chaos.ts'] },
  ],
};
