import { randomUUID } from 'node:crypto';
import type { Queryable } from '../database/database';
import { DeploymentLookup } from './deploymentLookup';

/** A database that knows the deployments with these names and ids, and counts what it is asked. */
class Deployments implements Queryable {
  queries = 0;
  up = true;
  readonly rows: { model_id: string; name: string | null }[] = [];
  /** Called when a query has read, before it answers. */
  onRead: () => void = () => undefined;

  query = (_: string, parameters: unknown[] = []): never => {
    this.queries++;
    if (!this.up) return Promise.reject(new Error('connection refused')) as never;
    const [ids, names] = parameters as [string[], string[]];
    const found = this.rows.filter(
      ({ model_id, name }) => ids.includes(model_id) || names.includes(name!),
    );
    this.onRead();
    return Promise.resolve(found) as never;
  };
}

describe('DeploymentLookup', () => {
  let db: Deployments;
  let now: number;
  let lookup: DeploymentLookup;
  beforeEach(() => {
    now = 0;
    db = new Deployments();
    lookup = new DeploymentLookup(db, () => now);
  });

  it('asks once for whatever many callers want at the same time', async () => {
    const id = randomUUID();
    db.rows.push({ model_id: id, name: 'known' });
    const asked = ['known', id.toUpperCase(), ...Array.from({ length: 1000 }, (_, i) => `no-${i}`)];
    const found = await Promise.all(asked.map((segment) => lookup.find(segment)));
    expect(found.filter((row) => row?.model_id === id)).toHaveLength(2);
    expect(found[0]).toBe(found[1]);
    expect(db.queries).toBe(2);
  });

  it('does not ask for the same unknown name again for a moment', async () => {
    for (let i = 0; i < 5; i++) expect(await lookup.find('nobody')).toBeUndefined();
    expect(db.queries).toBe(1);
    now = 1000;
    await lookup.find('nobody');
    expect(db.queries).toBe(2);
  });

  it('knows a new name as soon as a change was heard of', async () => {
    await lookup.find('new');
    db.rows.push({ model_id: randomUUID(), name: 'new' });
    lookup.changed();
    expect(await lookup.find('new')).toBeDefined();
  });

  it('does not remember what it read before a change', async () => {
    db.onRead = () => lookup.changed();
    expect(await lookup.find('new')).toBeUndefined();
    db.rows.push({ model_id: randomUUID(), name: 'new' });
    expect(await lookup.find('new')).toBeDefined();
  });

  it('remembers nothing when the database could not be asked', async () => {
    db.up = false;
    await expect(lookup.find('name')).rejects.toThrow('connection refused');
    db.up = true;
    db.rows.push({ model_id: randomUUID(), name: 'name' });
    expect(await lookup.find('name')).toBeDefined();
  });
});
