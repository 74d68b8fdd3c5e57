/** What the platform knows of a training when its report is written. */
export interface TrainingFacts {
  model: { id: string; name: string; type: string; baseModelId: string | null };
  run: { id: string; startedAt: Date | null; options: Record<string, unknown> };
  stages: StageFacts[];
  warnings: { code: string; message: string }[];
  /** Every value that the stages gave to `context.metric`, in any order. */
  metrics: { name: string; step: number; value: number }[];
  onnxruntimeVersion: string;
  /** A JSON file that a stage left. */
  read: <T>(stage: string, path: string) => Promise<T>;
}

export interface StageFacts {
  stage: string;
  /** null while it is not known. */
  seconds: number | null;
  /** `hit`: taken from an earlier run; `made`: made and kept for later runs; null: not cached. */
  cache: 'hit' | 'made' | 'off' | null;
  /** How often the stage was started, after crashes for instance. */
  attempts: number;
}

/** What lists, attributes and search show of a training. */
export interface TrainingSummary {
  /** The one number by which trainings of the kind are compared; null where nothing was measured. */
  score: number | null;
  /** Of all weights. */
  parameters: number;
  model_bytes: number;
  /** Of one answer. */
  latency_seconds: number;
}

/** The report of a kind of model: `report.json` and the page made of it. */
export interface ReportType {
  build(facts: TrainingFacts): Promise<object>;
  summarize(report: object): TrainingSummary;
  /** One page without scripts or links to elsewhere. */
  renderHtml(report: object): Promise<string>;
  /** For those who may see scores, but no texts of the training data. */
  withholdTexts(report: object): Promise<object>;
}
