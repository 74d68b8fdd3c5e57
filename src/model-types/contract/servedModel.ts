import type { z } from 'zod';
import type { JsonValue } from '../../support/json';

/** What a deployed model of a kind answers. */
export interface ServedModel {
  /**
   * By the last part of their path, `/{model}/<name>`; beside those that all models answer, whose names are
   * refused (`platformActions.ts`).
   */
  readonly actions: Readonly<Record<string, ServedAction>>;
  /** Opens the bundle in a folder, in a thread of its own; the folder is not needed afterwards. */
  open(folder: string): Promise<Predictor>;
}

/** `POST /{model}/<name>`, or `GET` where there is nothing to send. */
export interface ServedAction {
  summary: string;
  description: string;
  /** Who may call it. */
  needs: 'read' | 'write';
  /** True: asking twice does no more than asking once, so a request that broke off may be sent again. */
  changesNothing: boolean;
  /** Of a request's body, for the API's description; absent: the action is a `GET`, which has none. */
  body?: z.ZodType;
  /** @default 0 */
  maxBodyBytes?: number;
  /** Of the `data` of its answer. */
  reply: z.ZodType;
  parse(body: unknown): ActionRequest | RefusedBody;
}

/** One thing that is wrong with a body, as clients of the original read it. */
export interface ValidationDetail {
  loc: (string | number)[];
  msg: string;
  type: string;
}

/** Answered with 422. */
export interface RefusedBody {
  detail: ValidationDetail[];
}

/**
 * By name. They go to the thread that computes and, as JSON, tell which requests are computed together: so no
 * dates, maps or functions, and `undefined` is the same as absent.
 */
export type ActionOptions = Readonly<Record<string, JsonValue | undefined>>;

/** A checked request: items that are computed one by one or together, wherever there is room. */
export interface ActionRequest {
  items: readonly unknown[];
  /** Characters of an item, by which time and memory are estimated. */
  sizeOf(item: unknown): number;
  /** What every item is computed with: requests with equal options are computed together. */
  options: ActionOptions;
  /** Computing one item may take much longer than usual: some room is kept for those that do not. */
  long: boolean;
  /** @param seconds that computing took @returns the `data` of the answer */
  present(results: readonly unknown[], seconds: number): Record<string, unknown> | unknown[];
  /** Bytes and tags found, as `stats` counts them. */
  count(results: readonly unknown[]): { bytes: number; tokensIdentified: number };
}

/** A model in memory. It may block its thread while it computes. */
export interface Predictor {
  /**
   * @returns a result for each item, in their order
   * @param signal ends the call soon, with its reason, once it is aborted
   */
  run(
    action: string,
    items: readonly unknown[],
    options: ActionOptions,
    signal: AbortSignal,
  ): Promise<unknown[]>;
  close(): Promise<void>;
}
