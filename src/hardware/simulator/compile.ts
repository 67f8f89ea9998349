import type { Assignment, Flat, FlatRegister, Slot } from './elaborate.ts';
import { ExpressionCompiler } from './expression.ts';

/** The simulator's state: narrow values (registers first), wide values, and the memories. */
export interface State {
  readonly narrow: Int32Array;
  readonly wide: bigint[];
  readonly memories: (Int32Array | bigint[])[];
}

type Step = (s: Int32Array, w: bigint[], m: (Int32Array | bigint[])[], n: Int32Array, v: bigint[]) => void;

export interface Program {
  /** Combinational logic, in order. */
  readonly settle: readonly Step[];
  /** Next values of the registers into `n` and `v`. */
  readonly next: readonly Step[];
}

// V8 gives up optimising very large functions: with 2,000 statements each, simulation is several times slower.
const STATEMENTS_PER_FUNCTION = 200;

/** Compiles a flattened design to JavaScript functions of moderate size. */
export function compile(flat: Flat): Program {
  return {
    settle: chunks(flat.assignments).map((chunk) => combinational(chunk)),
    next: chunks(flat.registers).map((chunk) => sequential(chunk)),
  };
}

function combinational(chunk: readonly Assignment[]): Step {
  // A value computed in this function is read back from a local, not from memory.
  const local = new Set<Slot>();
  const load = (slot: Slot) => (local.has(slot) ? `${slot.wide ? 'b' : 'a'}${slot.index}` : stored(slot));
  const lines = chunk.map(({ target, value, scope }) => {
    const source = new ExpressionCompiler(scope, load).source(value, scope.shared.get(value) === target);
    local.add(target);
    return `const ${load(target)}=${stored(target)}=${source};`;
  });
  return build(lines);
}

function sequential(chunk: readonly FlatRegister[]): Step {
  const lines = chunk.map(({ slot, next, enable, reset, scope }) => {
    const compiler = new ExpressionCompiler(scope, stored);
    let source = compiler.source(next);
    if (enable !== undefined) source = `${compiler.source(enable)}!==0?${source}:${stored(slot)}`;
    if (reset !== undefined) {
      const value = slot.wide ? `${reset}n` : String(Number(BigInt.asIntN(32, reset)));
      source = `rst!==0?${value}:(${source})`;
    }
    return `${slot.wide ? 'v' : 'n'}[${slot.index}]=${source};`;
  });
  return build(['const rst=s[s.length-1];', ...lines]);
}

const stored = (slot: Slot): string => `${slot.wide ? 'w' : 's'}[${slot.index}]`;

const HELPERS = `const parity=(x)=>{x^=x>>>16;x^=x>>>8;x^=x>>>4;return(0x6996>>>(x&15))&1;};
const parityWide=(x)=>{let p=0;while(x!==0n){p^=parity(Number(x&0xffffffffn)|0);x>>=32n;}return p;};`;

function build(lines: readonly string[]): Step {
  const body = `"use strict";${HELPERS}\nreturn (s,w,m,n,v)=>{\n${lines.join('\n')}\n};`;
  return new Function(body)() as Step;
}

function chunks<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / STATEMENTS_PER_FUNCTION);
  return Array.from({ length: count }, (_, i) =>
    items.slice(i * STATEMENTS_PER_FUNCTION, (i + 1) * STATEMENTS_PER_FUNCTION),
  );
}
