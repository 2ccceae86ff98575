// Original file: proto/fpnas/v1/worker.proto

import type { Precision as _fpnas_v1_Precision, Precision__Output as _fpnas_v1_Precision__Output } from '../../fpnas/v1/Precision.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Score a network whose weights are slices of a supernet's shared weights, then train them for a few steps and send back what changed.
 * Normalization uses the statistics of each batch.
 * 
 * With local_steps: fetch the slices (WeightsService.FetchWeights); the loss over the validation batch is the measurement's `loss`, its
 * share of right answers the `accuracy`; then make local_steps steps of SGD with momentum .9 on train batches, from a velocity of zero;
 * train_loss is the loss of the first of them, before its step. The update is the change of every slice, sent by PutUpdate.
 * Without: gather the statistics of normalization over train batches, and measure eval_examples of the validation part by them.
 */
export interface SupernetEvaluation {
  /**
   * "mnist" or "fashion-mnist".
   */
  'dataset'?: (string);
  /**
   * Which version of the job's shared weights, from 1.
   */
  'version'?: (number | string | Long);
  /**
   * Training steps between two merges; 0 to measure only.
   */
  'localSteps'?: (number);
  /**
   * Examples a step, at least 1.
   */
  'batch'?: (number);
  /**
   * Learning rate of every step; above 0 where there are steps.
   */
  'learningRate'?: (number | string);
  /**
   * L2 penalty on convolution and dense weights; 0 for none.
   */
  'weightDecay'?: (number | string);
  /**
   * Seed of the validation batch, the same for all trials of a round. A 32-bit unsigned number. (Evaluation.seed is that of the train
   * batches.)
   */
  'validationSeed'?: (number);
  /**
   * Examples of the validation batch, at least 1; without local_steps examples of the validation part, its first ones, 0 for all.
   */
  'evalExamples'?: (number);
  /**
   * In which precision weights travel, both ways.
   */
  'precision'?: (_fpnas_v1_Precision);
}

/**
 * Score a network whose weights are slices of a supernet's shared weights, then train them for a few steps and send back what changed.
 * Normalization uses the statistics of each batch.
 * 
 * With local_steps: fetch the slices (WeightsService.FetchWeights); the loss over the validation batch is the measurement's `loss`, its
 * share of right answers the `accuracy`; then make local_steps steps of SGD with momentum .9 on train batches, from a velocity of zero;
 * train_loss is the loss of the first of them, before its step. The update is the change of every slice, sent by PutUpdate.
 * Without: gather the statistics of normalization over train batches, and measure eval_examples of the validation part by them.
 */
export interface SupernetEvaluation__Output {
  /**
   * "mnist" or "fashion-mnist".
   */
  'dataset': (string);
  /**
   * Which version of the job's shared weights, from 1.
   */
  'version': (number);
  /**
   * Training steps between two merges; 0 to measure only.
   */
  'localSteps': (number);
  /**
   * Examples a step, at least 1.
   */
  'batch': (number);
  /**
   * Learning rate of every step; above 0 where there are steps.
   */
  'learningRate': (number);
  /**
   * L2 penalty on convolution and dense weights; 0 for none.
   */
  'weightDecay': (number);
  /**
   * Seed of the validation batch, the same for all trials of a round. A 32-bit unsigned number. (Evaluation.seed is that of the train
   * batches.)
   */
  'validationSeed': (number);
  /**
   * Examples of the validation batch, at least 1; without local_steps examples of the validation part, its first ones, 0 for all.
   */
  'evalExamples': (number);
  /**
   * In which precision weights travel, both ways.
   */
  'precision': (_fpnas_v1_Precision__Output);
}
