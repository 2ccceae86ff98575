// Original file: proto/fpnas/v1/worker.proto

import type { CommandFile as _fpnas_v1_CommandFile, CommandFile__Output as _fpnas_v1_CommandFile__Output } from '../../fpnas/v1/CommandFile.ts';
import type { DataPart as _fpnas_v1_DataPart, DataPart__Output as _fpnas_v1_DataPart__Output } from '../../fpnas/v1/DataPart.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Run a program in a fresh folder, with the network on its standard input, and read the measurement from the last line that it writes to
 * its standard output. docs/spec.md (Programs) says what program and worker promise each other.
 */
export interface CommandEvaluation {
  /**
   * The program and its arguments, never empty. No shell reads them.
   */
  'run'?: (string)[];
  /**
   * Files that lie in the folder when the program begins. No path twice, none a folder of another.
   */
  'files'?: (_fpnas_v1_CommandFile)[];
  /**
   * Environment variables, on top of the few of its own that the worker passes on. They are public.
   */
  'env'?: ({[key: string]: string});
  /**
   * The most memory that the program and the processes it starts may take together, in bytes; 0 for no limit.
   */
  'memoryLimitBytes'?: (number | string | Long);
  /**
   * How long to train, in whatever the program counts as steps; 0 where the job does not say.
   */
  'steps'?: (number);
  /**
   * What to measure on.
   */
  'part'?: (_fpnas_v1_DataPart);
}

/**
 * Run a program in a fresh folder, with the network on its standard input, and read the measurement from the last line that it writes to
 * its standard output. docs/spec.md (Programs) says what program and worker promise each other.
 */
export interface CommandEvaluation__Output {
  /**
   * The program and its arguments, never empty. No shell reads them.
   */
  'run': (string)[];
  /**
   * Files that lie in the folder when the program begins. No path twice, none a folder of another.
   */
  'files': (_fpnas_v1_CommandFile__Output)[];
  /**
   * Environment variables, on top of the few of its own that the worker passes on. They are public.
   */
  'env': ({[key: string]: string});
  /**
   * The most memory that the program and the processes it starts may take together, in bytes; 0 for no limit.
   */
  'memoryLimitBytes': (number);
  /**
   * How long to train, in whatever the program counts as steps; 0 where the job does not say.
   */
  'steps': (number);
  /**
   * What to measure on.
   */
  'part': (_fpnas_v1_DataPart__Output);
}
