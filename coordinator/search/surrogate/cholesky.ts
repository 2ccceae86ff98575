/** A lower triangular matrix, its rows one after the other in a square of `size` numbers a side; what lies above the diagonal is not read. */
export interface Factor {
  readonly size: number;
  readonly rows: Float64Array;
}

/** Right sides that are solved at the same time, so that each number of the factor is read once for all of them. */
export const lanes = 4;

/** The Cholesky factor of a symmetric, positive definite matrix given by its lower triangle (same layout). The matrix is overwritten. */
export function cholesky(size: number, rows: Float64Array): Factor {
  const sides = new Float64Array(size * lanes);
  for (let first = 0; first < size; first += lanes) {
    const count = Math.min(lanes, size - first);
    forEachNumber(
      first,
      count,
      (column, lane) => (sides[column * lanes + lane] = at(rows, (first + lane) * size + column)),
    );
    solveLeading(size, rows, first, sides);
    forEachNumber(
      first,
      count,
      (column, lane) => (rows[(first + lane) * size + column] = at(sides, column * lanes + lane)),
    );
    for (let row = first; row < first + count; row++) {
      for (let column = first; column <= row; column++) {
        const rest = at(rows, row * size + column) - dot(rows, row * size, rows, column * size, column);
        rows[row * size + column] = column === row ? Math.sqrt(rest) : rest / at(rows, column * size + column);
      }
    }
  }
  return { size, rows };
}

/** ln of the determinant of the factored matrix's leading `count` rows and columns. */
export function logDeterminant({ size, rows }: Factor, count: number): number {
  let sum = 0;
  for (let row = 0; row < count; row++) sum += Math.log(at(rows, row * size + row));
  return 2 * sum;
}

/** Solves L x = b with the leading rows and columns of L, as many as b has numbers. */
export function solveLower({ size, rows }: Factor, right: ArrayLike<number>): Float64Array {
  const solution = new Float64Array(right.length);
  for (let row = 0; row < right.length; row++) {
    const start = row * size;
    solution[row] = ((right[row] ?? 0) - dot(rows, start, solution, 0, row)) / at(rows, start + row);
  }
  return solution;
}

/** Solves L x = b in place for `lanes` right sides, interleaved: number i of side j stands at i * lanes + j. */
export function solveLowerLanes({ size, rows }: Factor, sides: Float64Array): void {
  solveLeading(size, rows, size, sides);
}

/** Solves with the first `count` rows and columns alone. */
function solveLeading(size: number, rows: Float64Array, count: number, sides: Float64Array): void {
  for (let row = 0; row < count; row++) {
    const start = row * size;
    const place = row * lanes;
    let sum0 = at(sides, place);
    let sum1 = at(sides, place + 1);
    let sum2 = at(sides, place + 2);
    let sum3 = at(sides, place + 3);
    for (let column = 0, other = 0; column < row; column++, other += lanes) {
      const factor = at(rows, start + column);
      sum0 -= factor * at(sides, other);
      sum1 -= factor * at(sides, other + 1);
      sum2 -= factor * at(sides, other + 2);
      sum3 -= factor * at(sides, other + 3);
    }
    const scale = 1 / at(rows, start + row);
    sides[place] = sum0 * scale;
    sides[place + 1] = sum1 * scale;
    sides[place + 2] = sum2 * scale;
    sides[place + 3] = sum3 * scale;
  }
}

/** Solves Lᵀ x = b with the leading rows and columns of L, as many as b has numbers. */
export function solveUpper({ size, rows }: Factor, right: Float64Array): Float64Array {
  const solution = right.slice();
  for (let row = right.length - 1; row >= 0; row--) {
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

function forEachNumber(columns: number, count: number, visit: (column: number, lane: number) => void): void {
  for (let column = 0; column < columns; column++) for (let lane = 0; lane < count; lane++) visit(column, lane);
}

/** Every index here is within its matrix. */
function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
