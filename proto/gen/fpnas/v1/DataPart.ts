// Original file: proto/fpnas/v1/worker.proto

/**
 * Which part of the data set is measured. Training always uses the train part only.
 */
export const DataPart = {
  /**
   * Never sent.
   */
  DATA_PART_UNSPECIFIED: 'DATA_PART_UNSPECIFIED',
  /**
   * A fixed part of the train part, held out of training.
   */
  DATA_PART_VALIDATION: 'DATA_PART_VALIDATION',
  /**
   * The test part; only in final training, which then trains on the whole of the train part, validation included.
   */
  DATA_PART_TEST: 'DATA_PART_TEST',
} as const;

/**
 * Which part of the data set is measured. Training always uses the train part only.
 */
export type DataPart =
  /**
   * Never sent.
   */
  | 'DATA_PART_UNSPECIFIED'
  | 0
  /**
   * A fixed part of the train part, held out of training.
   */
  | 'DATA_PART_VALIDATION'
  | 1
  /**
   * The test part; only in final training, which then trains on the whole of the train part, validation included.
   */
  | 'DATA_PART_TEST'
  | 2

/**
 * Which part of the data set is measured. Training always uses the train part only.
 */
export type DataPart__Output = typeof DataPart[keyof typeof DataPart]
