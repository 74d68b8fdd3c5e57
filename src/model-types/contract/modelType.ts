import type { ReportType } from './reportType';
import type { ServedModel } from './servedModel';
import type { StageRun } from './stageInput';
import type { StageType } from './stageType';

/**
 * Everything that is particular to a kind of model. Each is registered once, in registry.ts; the
 * platform (creation, workflow, activities, cache, report, serving, description of the API, retry, verify)
 * follows from what is declared here, and knows no kind by name.
 *
 * Loading a kind is cheap: API, worker and serving processes hold all of them. What computes is imported
 * where it runs.
 */
export interface ModelType<Options = unknown> {
  readonly name: string;
  /** The recipe that trains it, of those that workflows/index.ts exports. */
  readonly workflow: string;
  /** By name (lower case letters), in the order in which a training passes through them. */
  readonly stages: Readonly<Record<string, StageType<Options>>>;
  /** Which stage leaves the model, and in which of its folders: what is deployed, saved and downloaded. */
  readonly artifact: { readonly stage: string; readonly folder: string };
  /** The pretrained encoder that a training needs: its files are kept as long as the run is. */
  encoderOf?(options: Options): { name: string; hash: string } | null;
  /**
   * What a training that starts from such a model takes over from its options.
   * @throws TrainyardError where nothing can be trained on from it
   */
  inherit(base: Options): Partial<Options>;
  /**
   * Names the rows that the model says it was trained on, and those that its first stages give now: for
   * `verify`, when what those left is gone and was made again.
   */
  dataHashes(run: StageRun<Options>): Promise<{ recorded: string; again: string }>;
  readonly report: ReportType;
  readonly served: ServedModel;
}
