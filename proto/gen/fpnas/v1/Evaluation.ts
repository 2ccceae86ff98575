// Original file: proto/fpnas/v1/worker.proto

import type { TabularEvaluation as _fpnas_v1_TabularEvaluation, TabularEvaluation__Output as _fpnas_v1_TabularEvaluation__Output } from '../../fpnas/v1/TabularEvaluation.ts';
import type { TrainEvaluation as _fpnas_v1_TrainEvaluation, TrainEvaluation__Output as _fpnas_v1_TrainEvaluation__Output } from '../../fpnas/v1/TrainEvaluation.ts';
import type { CommandEvaluation as _fpnas_v1_CommandEvaluation, CommandEvaluation__Output as _fpnas_v1_CommandEvaluation__Output } from '../../fpnas/v1/CommandEvaluation.ts';
import type { SupernetEvaluation as _fpnas_v1_SupernetEvaluation, SupernetEvaluation__Output as _fpnas_v1_SupernetEvaluation__Output } from '../../fpnas/v1/SupernetEvaluation.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * How a network is turned into a measurement.
 */
export interface Evaluation {
  /**
   * Look it up.
   */
  'tabular'?: (_fpnas_v1_TabularEvaluation | null);
  /**
   * Train it from scratch.
   */
  'train'?: (_fpnas_v1_TrainEvaluation | null);
  /**
   * Seed of all randomness of the evaluation (initial weights, batches). A 32-bit unsigned number.
   */
  'seed'?: (number);
  /**
   * How long the evaluation may take once it has begun, in milliseconds; 0 for no limit. What takes longer the worker ends, and reports
   * as TIMED_OUT. A lease that is renewed for lease_ttl_ms beyond it the coordinator revokes.
   */
  'timeLimitMs'?: (number | string | Long);
  /**
   * Have a program of the user's evaluate it.
   */
  'command'?: (_fpnas_v1_CommandEvaluation | null);
  /**
   * Score it with the shared weights of the job's supernet, and train these.
   */
  'supernet'?: (_fpnas_v1_SupernetEvaluation | null);
  /**
   * Exactly one is set.
   */
  'evaluator'?: "tabular"|"train"|"command"|"supernet";
}

/**
 * How a network is turned into a measurement.
 */
export interface Evaluation__Output {
  /**
   * Look it up.
   */
  'tabular'?: (_fpnas_v1_TabularEvaluation__Output | null);
  /**
   * Train it from scratch.
   */
  'train'?: (_fpnas_v1_TrainEvaluation__Output | null);
  /**
   * Seed of all randomness of the evaluation (initial weights, batches). A 32-bit unsigned number.
   */
  'seed': (number);
  /**
   * How long the evaluation may take once it has begun, in milliseconds; 0 for no limit. What takes longer the worker ends, and reports
   * as TIMED_OUT. A lease that is renewed for lease_ttl_ms beyond it the coordinator revokes.
   */
  'timeLimitMs': (number);
  /**
   * Have a program of the user's evaluate it.
   */
  'command'?: (_fpnas_v1_CommandEvaluation__Output | null);
  /**
   * Score it with the shared weights of the job's supernet, and train these.
   */
  'supernet'?: (_fpnas_v1_SupernetEvaluation__Output | null);
  /**
   * Exactly one is set.
   */
  'evaluator'?: "tabular"|"train"|"command"|"supernet";
}
