// Two projects: unit tests stand beside their code and run from source in parallel;
// everything under test/ drives the built product (real processes, PostgreSQL and Temporal).
const swc = [
  '@swc/jest',
  { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
];
const common = {
  testEnvironment: '<rootDir>/test/support/environment.mjs',
  transform: { '^.+\\.ts$': swc },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};
module.exports = {
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
      ...common,
      displayName: 'product',
      roots: ['<rootDir>/test'],
      testMatch: ['**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/globalSetup.ts',
      globalTeardown: '<rootDir>/test/support/globalTeardown.ts',
    },
  ],
};
