// Original file: proto/fpnas/v1/worker.proto


/**
 * What a training does beside plain steps. Every field at its default adds nothing.
 */
export interface TrainingRecipe {
  /**
   * Share of each label that is spread evenly over all classes; at least 0, below 1.
   */
  'labelSmoothing'?: (number | string);
  /**
   * Whether each image of a train batch is shifted by up to two pixels in both directions (black comes in) and, where the data set's
   * classes allow it, mirrored half the time.
   */
  'augment'?: (boolean);
  /**
   * The measured weights are an exponential moving average of those after each step, with this share of the old average kept (less in the
   * first steps: (1 + step) / (10 + step)); 0 measures the last weights; below 1.
   */
  'averageDecay'?: (number | string);
}

/**
 * What a training does beside plain steps. Every field at its default adds nothing.
 */
export interface TrainingRecipe__Output {
  /**
   * Share of each label that is spread evenly over all classes; at least 0, below 1.
   */
  'labelSmoothing': (number);
  /**
   * Whether each image of a train batch is shifted by up to two pixels in both directions (black comes in) and, where the data set's
   * classes allow it, mirrored half the time.
   */
  'augment': (boolean);
  /**
   * The measured weights are an exponential moving average of those after each step, with this share of the old average kept (less in the
   * first steps: (1 + step) / (10 + step)); 0 measures the last weights; below 1.
   */
  'averageDecay': (number);
}
