/** Why a class got its score: one n-gram of the text and what it added to the class's logit. */
export interface FeatureWeight {
  feature: string;
  weight: number;
}

export interface TextPrediction {
  /** Best first, at most `topK`; scores are probabilities. */
  classes: {
    class: string;
    score: number;
    /** Where a text may have many labels: whether the score reaches the label's threshold. */
    predicted?: boolean;
    /** With `explain`: the strongest features for and against, by size. */
    explanation?: { for: FeatureWeight[]; against: FeatureWeight[] };
  }[];
}

export interface PredictorOptions {
  topK: number;
  explain: boolean;
  /** Ends the call soon, with its reason, once it is aborted. */
  signal?: AbortSignal;
}

/** A loaded bundle that answers. Holds an ONNX session: `predict` blocks its thread while it computes. */
export interface TextPredictor {
  readonly labels: readonly string[];
  predict(texts: string[], options: PredictorOptions): Promise<TextPrediction[]>;
  close(): Promise<void>;
}
