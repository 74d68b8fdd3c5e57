import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildContext } from './childContext';
import type { FromChild } from './protocol';

test('a checkpoint that the worker asks for is wanted until one is taken', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-child-'));
  const sent: FromChild[] = [];
  const context = new ChildContext(
    {
      modelType: 'nlp-text',
      stage: 'train',
      readsUploads: false,
      keepsWarnings: false,
      options: {},
      inputs: folder,
      outputs: folder,
      checkpoints: folder,
      cores: 1,
      memoryMb: 500,
    },
    (message) => void sent.push(message),
  );
  expect(context.checkpointRequested).toBe(false);
  context.receive({ type: 'save' });
  expect(context.checkpointRequested).toBe(true);
  const saved = context.checkpoint(1, [Buffer.from('state')]);
  expect(context.checkpointRequested).toBe(false);
  context.receive({ type: 'checkpoint_saved', step: 1 });
  await saved;
  expect(sent).toEqual([{ type: 'checkpoint', step: 1, path: join(folder, '1') }]);
  rmSync(folder, { recursive: true });
});
