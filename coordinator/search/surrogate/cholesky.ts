/** A lower triangular matrix, its rows one after the other in a square of `size` numbers a side; what lies above the diagonal is not read. */
export interface Factor {
  readonly size: number;
  readonly rows: Float64Array;
}

/** The Cholesky factor of a symmetric, positive definite matrix given by its lower triangle (same layout). The matrix is overwritten. */
export function cholesky(size: number, rows: Float64Array): Factor {
  for (let row = 0; row < size; row++) {
    const rowStart = row * size;
    for (let column = 0; column <= row; column++) {
      const columnStart = column * size;
      const rest = at(rows, rowStart + column) - dot(rows, rowStart, rows, columnStart, column);
      rows[rowStart + column] = column === row ? Math.sqrt(rest) : rest / at(rows, columnStart + column);
    }
  }
  return { size, rows };
}

/** ln of the determinant of the factored matrix. */
export function logDeterminant({ size, rows }: Factor): number {
  let sum = 0;
  for (let row = 0; row < size; row++) sum += Math.log(at(rows, row * size + row));
  return 2 * sum;
}

/** Solves L x = b. */
export function solveLower({ size, rows }: Factor, right: ArrayLike<number>): Float64Array {
  const solution = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    const start = row * size;
    solution[row] = ((right[row] ?? 0) - dot(rows, start, solution, 0, row)) / at(rows, start + row);
  }
  return solution;
}

/** Solves Lᵀ x = b. */
export function solveUpper({ size, rows }: Factor, right: Float64Array): Float64Array {
  const solution = right.slice();
  for (let row = size - 1; row >= 0; row--) {
    const start = row * size;
    const value = at(solution, row) / at(rows, start + row);
    solution[row] = value;
    for (let column = 0; column < row; column++) {
      solution[column] = at(solution, column) - value * at(rows, start + column);
    }
  }
  return solution;
}

/** Σ left[i] · right[i] over `count` numbers; in four sums, which the processor adds at the same time. */
export function dot(
  left: Float64Array,
  leftStart: number,
  right: Float64Array,
  rightStart: number,
  count: number,
): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let index = 0;
  for (; index + 3 < count; index += 4) {
    sum0 += at(left, leftStart + index) * at(right, rightStart + index);
    sum1 += at(left, leftStart + index + 1) * at(right, rightStart + index + 1);
    sum2 += at(left, leftStart + index + 2) * at(right, rightStart + index + 2);
    sum3 += at(left, leftStart + index + 3) * at(right, rightStart + index + 3);
  }
  for (; index < count; index++) sum0 += at(left, leftStart + index) * at(right, rightStart + index);
  return sum0 + sum1 + (sum2 + sum3);
}

/** Every index here is within its matrix. */
function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
