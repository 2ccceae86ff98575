/**
 * A small assembler for WebAssembly with SIMD: kernels are composed of expressions in TypeScript and emitted as the bytes of a module.
 *
 * Code is kept as nested arrays of bytes and flattened once at the end, so an expression is a plain value: `f32x4.add(a, b)` is the code of
 * `a`, the code of `b` and the instruction. Generating the code is what lets one kernel text serve every vector width and unroll its
 * accumulators into registers for a given filter size. Section and instruction encodings: WebAssembly Core Specification 2.0, chapter 5.
 */
export type Code = number | readonly Code[];

/** Value types of locals and parameters, as they are encoded. */
const valueType = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;
export type ValueType = keyof typeof valueType;

/** A local variable of a function under construction. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
}

/** Unsigned LEB128. */
function unsigned(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit integer. */
function signed(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

const binary =
  (...opcode: readonly number[]) =>
  (left: Code, right: Code): Code => [left, right, opcode];

const unary =
  (...opcode: readonly number[]) =>
  (value: Code): Code => [value, opcode];

/** A vector instruction: the prefix 0xfd and its number. */
const vector = (instruction: number): readonly number[] => [0xfd, ...unsigned(instruction)];

/** Reads at a byte address plus a constant offset. Alignment hints are given as 4 bytes: tensors start on 16, rows need not. */
const load =
  (opcode: readonly number[]) =>
  (address: Code, offset = 0): Code => [address, opcode, 2, unsigned(offset)];

const store =
  (opcode: readonly number[]) =>
  (address: Code, value: Code, offset = 0): Code => [address, value, opcode, 2, unsigned(offset)];

export const i32 = {
  const: (value: number): Code => [0x41, signed(value)],
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  /** Signed division, rounding towards zero. */
  div: binary(0x6d),
  rem: binary(0x6f),
  and: binary(0x71),
  lessThan: binary(0x48),
  lessThanUnsigned: binary(0x49),
  greaterThan: binary(0x4a),
} as const;

const f32Bytes = (value: number): readonly number[] => [...new Uint8Array(new Float32Array([value]).buffer)];

export const v128 = {
  load: load(vector(0)),
  /** One number from memory in all four lanes. */
  loadSplat: load(vector(9)),
  /** One number from memory in the first lane, zeros in the others. */
  loadOne: load(vector(92)),
  store: store(vector(11)),
  /** The first lane. */
  storeOne: (address: Code, value: Code, offset = 0): Code => [address, value, vector(90), 2, unsigned(offset), 0],
  and: binary(...vector(78)),
} as const;

export const f32x4 = {
  const: (value: number): Code => [vector(12), f32Bytes(value), f32Bytes(value), f32Bytes(value), f32Bytes(value)],
  splat: unary(...vector(19)),
  lessThan: binary(...vector(67)),
  add: binary(...vector(228)),
  sub: binary(...vector(229)),
  mul: binary(...vector(230)),
  div: binary(...vector(231)),
  /** `right < left ? right : left`: a NaN on the left stays. */
  pmin: binary(...vector(234)),
  /** `left < right ? right : left`: a NaN on the left stays. */
  pmax: binary(...vector(235)),
  nearest: unary(...vector(106)),
  squareRoot: unary(...vector(227)),
} as const;

export const i32x4 = {
  const: (value: number): Code => [
    vector(12),
    [0, 1, 2, 3].map(() => [...new Uint8Array(new Int32Array([value]).buffer)]),
  ],
  add: binary(...vector(174)),
  shiftLeft: (value: Code, bits: number): Code => [value, i32.const(bits), vector(171)],
  /** Rounds towards zero, saturating. */
  fromF32x4: unary(...vector(248)),
} as const;

const block = 0x02;
const loop = 0x03;
const branchIf = 0x0d;
const end = 0x0b;
const noResult = 0x40;

/** Runs `body` where `condition` is not zero. */
export const when = (condition: Code, body: Code): Code => [condition, 0x04, noResult, body, end];

/** The larger, or smaller, of two i32 locals or constants; both are evaluated twice. */
export const maximum = (left: Code, right: Code): Code => [left, right, i32.greaterThan(left, right), 0x1b];
export const minimum = (left: Code, right: Code): Code => [left, right, i32.lessThan(left, right), 0x1b];

/** Runs `body` with `counter` from `from` up to but without `to`, both signed; `to` is evaluated once a turn, so give it a local. */
export function range(counter: Local, from: Code, to: Code, step: Code, body: Code): Code {
  const next = counter.set(i32.add(counter.get, step));
  const more = i32.lessThan(counter.get, to);
  // Tested once at the entry, then at the foot of each turn: one branch a turn.
  return [
    [counter.set(from), block, noResult, i32.lessThan(counter.get, to), 0x45, branchIf, 0],
    [loop, noResult, body, next, more, branchIf, 0, end, end],
  ];
}

/** A function under construction: `parameters` come first among the locals; more are declared with `local`. */
export class FunctionBuilder {
  readonly parameterTypes: readonly ValueType[];
  readonly #locals: ValueType[] = [];
  #body: Code = [];

  constructor(parameterTypes: readonly ValueType[]) {
    this.parameterTypes = parameterTypes;
  }

  #at(index: number): Local {
    return { get: [0x20, unsigned(index)], set: (value) => [value, 0x21, unsigned(index)] };
  }

  /** Reads a parameter. */
  parameter(index: number): Code {
    return this.#at(index).get;
  }

  local(type: ValueType): Local {
    this.#locals.push(type);
    return this.#at(this.parameterTypes.length + this.#locals.length - 1);
  }

  /** Locals of type i32 by name. */
  integers<const Name extends string>(...names: readonly Name[]): Readonly<Record<Name, Local>> {
    return this.#named("i32", names);
  }

  /** Locals of type v128 by name. */
  vectors<const Name extends string>(...names: readonly Name[]): Readonly<Record<Name, Local>> {
    return this.#named("v128", names);
  }

  #named<Name extends string>(type: ValueType, names: readonly Name[]): Readonly<Record<Name, Local>> {
    return Object.fromEntries(names.map((name) => [name, this.local(type)])) as Record<Name, Local>;
  }

  /** Sets what the function does. */
  body(code: Code): void {
    this.#body = code;
  }

  /** The function's entry of the code section. */
  encode(): readonly number[] {
    const declared = [unsigned(this.#locals.length), this.#locals.map((type) => [1, valueType[type]])];
    const bytes = flatten([declared, this.#body, end]);
    return [...unsigned(bytes.length), ...bytes];
  }
}

/** Starts a function of named parameters, addresses and counts first, and returns it with the code that reads each of them. */
export function defineFunction<const Integer extends string, const Float extends string = never>(
  integers: readonly Integer[],
  floats: readonly Float[] = [],
): { readonly builder: FunctionBuilder; readonly of: Readonly<Record<Integer | Float, Code>> } {
  const builder = new FunctionBuilder([...integers.map((): ValueType => "i32"), ...floats.map((): ValueType => "f32")]);
  const of = Object.fromEntries([...integers, ...floats].map((name, index) => [name, builder.parameter(index)]));
  return { builder, of: of as Record<Integer | Float, Code> };
}

function flatten(code: Code, into: number[] = []): number[] {
  if (typeof code === "number") into.push(code);
  else for (const part of code) flatten(part, into);
  return into;
}

const section = (id: number, content: Code): Code => {
  const bytes = flatten(content);
  return [id, unsigned(bytes.length), bytes];
};

const text = (value: string): Code => {
  const bytes = new TextEncoder().encode(value);
  return [unsigned(bytes.length), [...bytes]];
};

/** The bytes of a module that imports memory `env.memory` and exports the given functions, which return nothing. */
export function encodeModule(functions: Readonly<Record<string, FunctionBuilder>>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(functions);
  const count = unsigned(entries.length);
  const types = entries.map(([, { parameterTypes }]) => [
    [0x60, unsigned(parameterTypes.length), parameterTypes.map((type) => valueType[type])],
    unsigned(0),
  ]);
  const code: Code = [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    section(1, [count, types]),
    section(2, [unsigned(1), text("env"), text("memory"), 0x02, 0x00, unsigned(0)]),
    section(3, [count, entries.map((_, index) => unsigned(index))]),
    section(7, [count, entries.map(([name], index) => [text(name), 0x00, unsigned(index)])]),
    section(10, [count, entries.map(([, builder]) => builder.encode())]),
  ];
  return new Uint8Array(flatten(code));
}
