import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishTree } from '../../../../src/artifacts/trees/tree';
import { setAccess, setDefaultPermission } from '../../../../src/database/models/models';
import { addMessage } from '../../../../src/database/models/messages';
import { insertRun } from '../../../../src/database/runs/runs';
import { claimStage, publishStage } from '../../../../src/database/runs/stages';
import { testDatabasePatienceMs } from '../../../../src/database/testing/testDatabase';
import { buildReport } from '../../../../src/model-types/nlp-text/report/build';
import { renderReportHtml } from '../../../../src/model-types/nlp-text/report/html/page';
import {
  buildEvaluation,
  buildParts,
} from '../../../../src/model-types/nlp-text/report/testing/parts';
import { testApi, type Person, type TestApi } from '../../../testing/testApi';

/** Stands wherever a text of the training data can. */
const secret = 'dear Bob, the code is 4711';

describe('what a training shows of its data', () => {
  let api: TestApi;
  let [owner, reader]: Person[] = [];
  let folder: string;
  let path: (what: string) => string;

  beforeAll(async () => {
    api = await testApi();
    [owner, reader] = [await api.person(), await api.person()];
    folder = mkdtempSync(join(tmpdir(), 'report-'));
    const id = await trained();
    path = (what) => `/api/v2/train/${id}/${what}`;
  }, testDatabasePatienceMs);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await api.stop();
  });

  /** A public model with a report in which the secret stands everywhere. */
  async function trained(): Promise<string> {
    const db = api.deps.database;
    const id = await api.model(owner!);
    const run = { id: randomUUID(), model_id: id, options: {} };
    const data = { sources: [], cache: 'use' as const, deploy_when_complete: false };
    const job = { allocation_cores: 1, allocation_memory: 500 };
    await insertRun(db, { ...run, data, job });
    const report = buildReport(buildParts('plain', quoting(buildEvaluation())));
    report.data.bad_row_examples[0]!.reason = secret;
    report.data.findings[0]!.reason = secret;
    report.warnings[0]!.message = `1 row was skipped: ${secret}`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'report.json'), JSON.stringify(report));
    writeFileSync(join(folder, 'report.html'), renderReportHtml(report));
    const stage = { runId: run.id, stage: 'report' };
    const { fence } = await claimStage(db.manager, stage, {});
    const output = await publishTree(api.deps.store, `runs/${run.id}/report/${fence}/`, folder);
    await publishStage(db.manager, { ...stage, fence }, output, null);
    const warning = `1 row was skipped: "text" is ["${secret}"] [bad_row]`;
    await addMessage(db.manager, id, 'train', 'warning', warning, null);
    await db.query(`UPDATE model SET train_status = 'complete', bundle = '{}' WHERE id = $1`, [id]);
    await setAccess(db, id, 'public', null);
    await setDefaultPermission(db, id, 'read');
    return id;
  }

  /** The evaluation with the secret in every text. */
  function quoting<T>(value: T): T {
    return JSON.parse(
      JSON.stringify(value, (key, inner: unknown) => (key === 'text' ? secret : inner)),
    ) as T;
  }

  const seenBy = async (person: Person, what: string): Promise<string> => {
    const reply = await api.as(person).get(path(what)).expect(200);
    return reply.text;
  };

  it('is all for its owner, and scores without texts for who may only read', async () => {
    for (const what of ['report', 'report.html', 'status']) {
      const [whole, reduced] = [await seenBy(owner!, what), await seenBy(reader!, what)];
      expect(whole).toContain('code is 4711');
      expect(reduced).not.toContain('4711');
    }
    const { body } = await api.as(reader).get(path('report')).expect(200);
    expect(body).toMatchObject({
      examples: 'withheld',
      scores: { accuracy: 0.12346 },
      worst: [],
      checks: { conflicts: { count: 1, examples: [] } },
      likely_wrong_labels: { count: 1, examples: [] },
    });
    expect(await seenBy(reader!, 'report.html')).toContain('are not shown to you');
    expect(await seenBy(reader!, 'status')).toContain('1 row was skipped [bad_row]');
  });

  it('keeps logs for those who may see texts, and lists free of them', async () => {
    await api.as(owner).get(path('logs')).expect(200);
    const { text } = await api.as(reader).get(path('logs')).expect(403);
    expect(text).toContain('you need write permission on the model');
    const list = await api.as(reader).get('/api/v2/model/list').expect(200);
    expect(list.text).not.toContain('4711');
  });

  it('is what the operator decided', async () => {
    const { config } = api.deps;
    try {
      config.examplesNeed = 'read';
      expect(await seenBy(reader!, 'report')).toContain('4711');
    } finally {
      config.examplesNeed = 'write';
    }
  });

  it('can send nothing, be framed nowhere and load nothing', async () => {
    const { headers } = await api.as(owner).get(path('report.html')).expect(200);
    for (const rule of ["default-src 'none'", "form-action 'none'", "base-uri 'none'"]) {
      expect(headers['content-security-policy']).toContain(rule);
    }
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });
});
