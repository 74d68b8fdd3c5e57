import { rows, type Queryable } from '../database';

/** What EXPLAIN says of one step of a plan. */
export interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/**
 * Every step of the plans of the statements that `ask` sends, with what it really read. They run;
 * `ask` gets no rows, and what it then fails with does not matter.
 */
export async function planOf(
  db: Queryable,
  ask: (queryable: Queryable) => Promise<unknown>,
): Promise<PlanNode[]> {
  const nodes: PlanNode[] = [];
  const query = async (sql: string, parameters?: unknown[]): Promise<never[]> => {
    const explained = await rows<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      db,
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      parameters,
    );
    nodes.push(...flatten(explained[0]!['QUERY PLAN'][0].Plan));
    return [];
  };
  await ask({ query } as never).catch(() => undefined);
  if (nodes.length === 0) throw new Error('no statement was explained');
  return nodes;
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}
