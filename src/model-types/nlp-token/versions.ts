/** Of bundles and checkpoints: raised when old ones would no longer be understood. */
export const modelTypeVersion = 1;

/** Raised when a step's output bytes change for the same input; the step cache and manifests carry it. */
export const stepVersions = { extract: 1, preprocess: 1, train: 2, embed: 1, evaluate: 1 } as const;
