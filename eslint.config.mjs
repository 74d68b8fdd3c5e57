import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';

/** Who may know whom (docs/architecture.md). Each zone: files in `target` may not import from `from`. */
const zones = [
  { target: './src', from: ['./api', './activities', './workflows', './cli', './bench', './test'] },
  { target: './activities', from: ['./api', './cli', './bench', './test'] },
  { target: './workflows', from: ['./api', './cli', './bench', './test'] },
  { target: './api', from: ['./activities', './cli', './bench', './test'] },
  { target: './migrations', from: ['./api', './activities', './workflows', './cli', './src'] },
  {
    target: './src/ml',
    from: ['./src'],
    except: ['./ml'],
    message: 'src/ml takes arrays and gives arrays: it knows no file, database, HTTP or Temporal.',
  },
  {
    target: './src/model-types',
    from: ['./src'],
    except: [
      ...[
        './model-types',
        './encoder-learning',
        './classification',
        './rows',
        './bundle',
        './report',
        './tagging',
      ],
      ...['./stage', './ml', './data', './artifacts', './encoders', './support'],
      ...['./errors.ts', './version.ts', './http/matchKeys.ts'],
    ],
    message: 'A model type works on folders, through its StageContext: it opens nothing else.',
  },
  {
    target: './src/model-types',
    from: ['./src/data/uploads', './src/data/sources'],
    message: 'A model type reads the files that were laid for it, wherever they came from.',
  },
].flatMap((z) => z.from.map((from) => ({ ...z, from })));

/** What knows kinds of model by what they declare: it works for those that are still to come. */
const knowsNoKind = [
  ...['./activities', './workflows', './cli'],
  ...['allocation', 'database', 'serving', 'stage-inputs', 'training', 'verify'].map(
    (room) => `./src/${room}`,
  ),
  ...['core', 'eventStreams', 'inference', 'middleware', 'openapi', 'operations'].map(
    (room) => `./api/${room}`,
  ),
  ...['deploy', 'models', 'train/common', 'train/runs', 'train/uploads', 'train/jobs'].map(
    (room) => `./api/v2/${room}`,
  ),
].map((target) => ({
  target,
  from: './src/model-types',
  except: ['./registry.ts', './stages.ts', './contract'],
  message: 'The platform knows no kind of model by name: the registry and the contract tell all.',
}));

const onlyTypes = (regex, message) => ({ regex, message, allowTypeImports: true });

/**
 * Who may know the types of whom, and nothing that is there when the code runs. By the depth of the
 * importing folder, since `../src` is another folder for each.
 */
const typesOnly = [1, 2, 3, 4, 5].flatMap((depth) => {
  const top = `^(\\.\\./){${depth}}`;
  const within = (folder) => [`${folder}${'/*'.repeat(depth)}.ts`];
  return [
    {
      files: within('workflows'),
      patterns: [
        onlyTypes(
          `${top}(src|activities)(/|$)`,
          'Workflows are replayed: of activities and src they know types.',
        ),
        onlyTypes(
          '^(?!\\.|@temporalio/(workflow|common)$)',
          'Workflows are replayed: no Node built-ins, no libraries but @temporalio/workflow.',
        ),
      ],
    },
    {
      files: within('api'),
      patterns: [
        onlyTypes(
          `${top}workflows(/|$)`,
          'The API starts workflows by name: it knows their types.',
        ),
      ],
    },
  ];
});

export default tseslint.config(
  { ignores: ['dist/**', '.trainyard/**', 'node_modules/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'VariableDeclarator > Identifier.id[name=/^[A-Z][A-Z0-9_]{2,}$/]',
          message: 'Constants are named as other variables are: camelCase.',
        },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['**/*.test.ts', '**/testing/**'],
    rules: { 'import-x/no-restricted-paths': ['error', { zones: [...zones, ...knowsNoKind] }] },
  },
  ...typesOnly.map(({ files, patterns }) => ({
    files,
    ignores: ['**/*.test.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  })),
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: { module: 'writable', process: 'readonly' } },
  },
);
