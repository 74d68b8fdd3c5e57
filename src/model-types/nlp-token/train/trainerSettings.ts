/** Chosen on the validation parts of conll2003, wnut17 and ronec, the choosing passes for speed; see bench/RESULTS.md. */
export const trainerSettings = {
  /** Passes over the sentences when the request gives none. */
  passes: 8,
  /** The first passes, which leave rows out to choose on them how likely being outside is; half of all at most. */
  choosingPasses: 3,
  /** Passes of the second training, which starts from the first. */
  refitPasses: 4,
  /** The longest step of a weight. */
  rate: 0.2,
  /** Share of the rows to train on that this is chosen on. */
  choosingShare: 0.2,
  /** With fewer spans among them, or sentences with spans that differ around them, there is too little to choose on. */
  leastChoosingSpans: 20,
  leastChoosingTemplates: 20,
  /** Weights (features × labels) of a model at most: 160 MB. The least often found features go first. */
  maxWeights: 40e6,
  /** Sentences that a model keeps for trainings that start from it. */
  rehearsalRows: 2000,
} as const;
