import {
  defineQuery,
  defineSignal,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { ProgressReport, WorkflowStatus } from './types';

export const statusQuery = defineQuery<WorkflowStatus>('status');
export const progressSignal = defineSignal<[ProgressReport]>('progress');

const trainStatus = defineSearchAttributeKey('TrainStatus', 'KEYWORD');
const bestScore = defineSearchAttributeKey('BestScore', 'DOUBLE');

/** How far a training is, as queries, search and the page of its workflow show it. */
export class WorkflowProgress {
  private readonly shown: WorkflowStatus = { status: 'starting', stage: null, progress: null };

  constructor() {
    setHandler(statusQuery, () => this.shown);
    setHandler(progressSignal, (report) => {
      this.begun();
      this.shown.progress = report.line;
      this.show();
    });
  }

  get isComplete(): boolean {
    return this.shown.status === 'complete';
  }

  /** A worker has begun: until then the training only waits for one. */
  begun(): void {
    if (this.shown.status !== 'starting') return;
    this.shown.status = 'in_progress';
    upsertSearchAttributes([{ key: trainStatus, value: 'in_progress' }]);
  }

  enter(stage: string): void {
    this.shown.stage = stage;
    this.shown.progress = null;
    this.show();
  }

  settle(status: WorkflowStatus['status']): void {
    Object.assign(this.shown, { status, stage: null, progress: null });
    this.show();
    upsertSearchAttributes([{ key: trainStatus, value: status }]);
  }

  score(value: number): void {
    upsertSearchAttributes([{ key: bestScore, value }]);
  }

  private show(): void {
    const { status, stage, progress } = this.shown;
    const lines = [`**${status}**`, stage && `stage: ${stage}`, progress];
    setCurrentDetails(lines.filter((line) => line !== null).join('\n\n'));
  }
}
