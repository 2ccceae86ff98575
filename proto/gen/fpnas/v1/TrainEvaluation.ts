// Original file: proto/fpnas/v1/worker.proto

import type { DataPart as _fpnas_v1_DataPart, DataPart__Output as _fpnas_v1_DataPart__Output } from '../../fpnas/v1/DataPart.ts';
import type { TrainingRecipe as _fpnas_v1_TrainingRecipe, TrainingRecipe__Output as _fpnas_v1_TrainingRecipe__Output } from '../../fpnas/v1/TrainingRecipe.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Train from scratch for a number of steps, then measure.
 */
export interface TrainEvaluation {
  /**
   * "mnist" or "fashion-mnist".
   */
  'dataset'?: (string);
  /**
   * Optimizer steps, at least 1.
   */
  'steps'?: (number);
  /**
   * Examples a step, at least 1.
   */
  'batch'?: (number);
  /**
   * Peak learning rate of SGD with momentum .9 and a cosine schedule; above 0.
   */
  'learningRate'?: (number | string);
  /**
   * L2 penalty on convolution and dense weights; 0 for none.
   */
  'weightDecay'?: (number | string);
  /**
   * What to measure on.
   */
  'part'?: (_fpnas_v1_DataPart);
  /**
   * How many examples of the part are measured (its first ones in its fixed order); 0 for all.
   */
  'evalExamples'?: (number);
  /**
   * What is done beside plain steps; not set for nothing.
   */
  'recipe'?: (_fpnas_v1_TrainingRecipe | null);
  /**
   * Whether the worker is to bring the weights that it has measured (PutCheckpoint), and to name them in its measurement.
   */
  'keepWeights'?: (boolean);
  /**
   * Version of the job's shared weights (WeightsService.FetchWeights) whose slices, named by each layer's shared_weights, the training begins
   * with; 0: with fresh weights, drawn by the seed.
   */
  'startVersion'?: (number | string | Long);
  /**
   * What FetchFile gives the teacher by, a file of trained weights (docs/result.md): SHA-256, 64 lower-case hexadecimal digits; empty: none.
   * With a teacher, the loss of a step is half the cross-entropy to the labels and half the Kullback-Leibler divergence from the teacher's
   * probabilities to the network's, over the same images. The teacher infers, by its own statistics of normalization.
   */
  'teacher'?: (string);
}

/**
 * Train from scratch for a number of steps, then measure.
 */
export interface TrainEvaluation__Output {
  /**
   * "mnist" or "fashion-mnist".
   */
  'dataset': (string);
  /**
   * Optimizer steps, at least 1.
   */
  'steps': (number);
  /**
   * Examples a step, at least 1.
   */
  'batch': (number);
  /**
   * Peak learning rate of SGD with momentum .9 and a cosine schedule; above 0.
   */
  'learningRate': (number);
  /**
   * L2 penalty on convolution and dense weights; 0 for none.
   */
  'weightDecay': (number);
  /**
   * What to measure on.
   */
  'part': (_fpnas_v1_DataPart__Output);
  /**
   * How many examples of the part are measured (its first ones in its fixed order); 0 for all.
   */
  'evalExamples': (number);
  /**
   * What is done beside plain steps; not set for nothing.
   */
  'recipe': (_fpnas_v1_TrainingRecipe__Output | null);
  /**
   * Whether the worker is to bring the weights that it has measured (PutCheckpoint), and to name them in its measurement.
   */
  'keepWeights': (boolean);
  /**
   * Version of the job's shared weights (WeightsService.FetchWeights) whose slices, named by each layer's shared_weights, the training begins
   * with; 0: with fresh weights, drawn by the seed.
   */
  'startVersion': (number);
  /**
   * What FetchFile gives the teacher by, a file of trained weights (docs/result.md): SHA-256, 64 lower-case hexadecimal digits; empty: none.
   * With a teacher, the loss of a step is half the cross-entropy to the labels and half the Kullback-Leibler divergence from the teacher's
   * probabilities to the network's, over the same images. The teacher infers, by its own statistics of normalization.
   */
  'teacher': (string);
}
