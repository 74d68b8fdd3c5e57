/** Chosen on the validation parts of conll2003, wnut17 and ronec; see bench/RESULTS.md. */
export const trainerSettings = {
  /** Passes over the sentences when the request gives none. */
  passes: 8,
  /** Passes of the training whose only use is to choose how likely being outside is. */
  choosingPasses: 3,
  /** Passes of the second training, which starts from the first. */
  refitPasses: 4,
  /** The longest step of a weight. */
  rate: 0.2,
  /** Share of the rows to train on that this is chosen on. */
  choosingShare: 0.2,
  /** With fewer spans among them there is too little to choose on. */
  leastChoosingSpans: 20,
  /** Weights (features × labels) of a model at most: 160 MB. The least often found features go first. */
  maxWeights: 40e6,
  /** Sentences that a model keeps for trainings that start from it. */
  rehearsalRows: 2000,
} as const;
