// Original file: proto/fpnas/v1/measurement.proto

import type { WeightsUpdate as _fpnas_v1_WeightsUpdate, WeightsUpdate__Output as _fpnas_v1_WeightsUpdate__Output } from '../../fpnas/v1/WeightsUpdate.ts';
import type { TrainedWeights as _fpnas_v1_TrainedWeights, TrainedWeights__Output as _fpnas_v1_TrainedWeights__Output } from '../../fpnas/v1/TrainedWeights.ts';

/**
 * What a worker observed of one network.
 */
export interface Measurement {
  /**
   * Share of examples classified right, 0 to 1, on the part that the evaluation names.
   */
  'accuracy'?: (number | string);
  /**
   * Mean cross-entropy in nats on the same part; absent where the evaluator has none (tabular).
   */
  'loss'?: (number | string);
  /**
   * Training steps made; 0 where nothing was trained.
   */
  'steps'?: (number);
  /**
   * Further figures by name, such as "imagesPerSecond" or "trainSeconds". May be empty.
   */
  'extra'?: ({[key: string]: number | string});
  /**
   * In a supernet's job, mean cross-entropy in nats of the first step's train batches at the shared weights as they were fetched; absent
   * where nothing was trained.
   */
  'trainLoss'?: (number | string);
  /**
   * In a supernet's job, what the evaluation would change of the shared weights, stored by PutUpdate before; not set where nothing was
   * trained.
   */
  'update'?: (_fpnas_v1_WeightsUpdate | null);
  /**
   * The weights that were measured, where the evaluation asked to keep them: stored by PutCheckpoint before, kept as long as the job is,
   * and given by FetchFile.
   */
  'weights'?: (_fpnas_v1_TrainedWeights | null);
  '_loss'?: "loss";
  '_trainLoss'?: "trainLoss";
}

/**
 * What a worker observed of one network.
 */
export interface Measurement__Output {
  /**
   * Share of examples classified right, 0 to 1, on the part that the evaluation names.
   */
  'accuracy': (number);
  /**
   * Mean cross-entropy in nats on the same part; absent where the evaluator has none (tabular).
   */
  'loss'?: (number);
  /**
   * Training steps made; 0 where nothing was trained.
   */
  'steps': (number);
  /**
   * Further figures by name, such as "imagesPerSecond" or "trainSeconds". May be empty.
   */
  'extra': ({[key: string]: number});
  /**
   * In a supernet's job, mean cross-entropy in nats of the first step's train batches at the shared weights as they were fetched; absent
   * where nothing was trained.
   */
  'trainLoss'?: (number);
  /**
   * In a supernet's job, what the evaluation would change of the shared weights, stored by PutUpdate before; not set where nothing was
   * trained.
   */
  'update': (_fpnas_v1_WeightsUpdate__Output | null);
  /**
   * The weights that were measured, where the evaluation asked to keep them: stored by PutCheckpoint before, kept as long as the job is,
   * and given by FetchFile.
   */
  'weights': (_fpnas_v1_TrainedWeights__Output | null);
  '_loss'?: "loss";
  '_trainLoss'?: "trainLoss";
}
