import { ACCUMULATE } from '../machine/array/sums.ts';
import { REPAIRED_ARITHMETIC, SCALE_BITS, VECTOR_ARITHMETIC } from '../vlp/arithmetic.ts';
import type { Technology } from '../technology/technology.ts';
import type { Activation, Component } from '../artifact/inventory.ts';
import { type Design, MEMORIES, type NonlinearRun, type Pipeline, type Rule, sramName } from './design.ts';
import { drain } from './drain.ts';
import type { Mesh } from './parts.ts';
import { type Locate, type Path, problem, unknownWord } from './problem.ts';
import { type FullDesign, GEMM_COUNT_NAMES, NONLINEAR_COUNT_NAMES } from './schema.ts';

interface DesignContext {
  nodes: Mesh;
  sram: Design['sram'];
  technology: Technology;
  locate: Locate;
}

/** Events of element-wise operators (norms, residual sums, …), which every design needs: one lane, once. */
const ELEMENT_EVENTS = ['element multiply', 'element add'];

/** A design from its full description; what the schema cannot say is checked here. */
export function describedDesign(spec: FullDesign, context: DesignContext): Design {
  const { nodes, sram, technology, locate } = context;
  const { array, nonlinear, elementwise } = spec;
  const components = Object.entries(spec.components).map(([name, part]): Component => {
    checkComponent(name, part, technology, locate);
    return { name, class: part.class, attributes: attributesOf(part), count: part.count, group: part.group };
  });
  checkEvents(spec, locate);
  checkTime(spec, locate);
  const events: Record<string, Activation[]> = {};
  for (const [event, fired] of Object.entries(spec.events))
    events[event] = Object.entries(fired).map(([component, count]) => ({ component, count }));
  // Both kinds have a sequence where the file gives one for either, so that both mean the same by `arrayCycles`.
  const timed = [nonlinear.softmax, nonlinear.activation].some(({ sequence }) => sequence.step > 0);
  const described: Design = {
    name: spec.name,
    title: spec.title ?? `${array.rows} × ${array.columns} array`,
    family: spec.name,
    nodes,
    array: {
      columns: array.columns,
      rows: array.rows,
      depth: array.depth,
      stepCycles: array.step_cycles,
      stationary: array.stationary,
      pipeline: pipelineOf(array.pipeline),
      weightBits: array.weight_bits,
    },
    components,
    sram,
    events,
    gemm: spec.gemm.map((rule) => ruleOf(rule, GEMM_COUNT_NAMES)),
    scaling:
      typeof spec.scaling === 'string'
        ? { kind: spec.scaling }
        : { kind: 'vector', lanes: spec.scaling.lanes },
    nonlinear: {
      lanes: nonlinear.lanes,
      throughWeightSram: nonlinear.through_weight_sram,
      softmax: nonlinearRun(nonlinear.softmax, timed),
      activation: nonlinearRun(nonlinear.activation, timed),
      lutWords: nonlinear.lut_words,
    },
    elementwise: {
      multiplyLanes: elementwise.multiply_lanes,
      addLanes: elementwise.add_lanes,
      divideMultiplies: elementwise.divide_multiplies,
    },
    method: spec.method,
    arithmetic: spec.method === 'vlp' || spec.method === 'lut' ? REPAIRED_ARITHMETIC : VECTOR_ARITHMETIC,
    scaleBits: SCALE_BITS,
    provenance: 'not built in: a new design',
  };
  // Like every array that keeps its sums in place; a pipeline with a tail says itself what a tile takes.
  const { pipeline } = described.array;
  if (pipeline.kind !== 'output-stationary') return described;
  return { ...described, array: { ...described.array, pipeline: { ...pipeline, ...drain(described) } } };
}

type RunSpec = FullDesign['nonlinear']['softmax'];

function nonlinearRun({ rules, reads, writes, sequence }: RunSpec, timed: boolean): NonlinearRun {
  const { step, tile, tail, lut_passes } = sequence;
  return {
    rules: rules.map((rule) => ruleOf(rule, NONLINEAR_COUNT_NAMES)),
    reads,
    writes,
    ...(timed ? { sequence: { step, perTile: tile, tail, lutPasses: lut_passes } } : {}),
  };
}

type Part = FullDesign['components'][string];

const attributesOf = ({ attributes = {} }: Part): Component['attributes'] =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));

function pipelineOf(pipeline: FullDesign['array']['pipeline']): Pipeline {
  if (pipeline === 'weight-stationary') return pipelineOf({ keeps: 'weights' });
  if (typeof pipeline === 'string') return { kind: pipeline };
  if (!('keeps' in pipeline)) {
    const { tail: cycles, tile } = pipeline;
    return { kind: 'tail', cycles, ...(tile === undefined ? {} : { perTile: tile }) };
  }
  const { keeps, registers, skew, tail } = pipeline;
  if (keeps === 'outputs') return { kind: 'output-stationary', ...(tail === undefined ? {} : { tail }) };
  return {
    kind: 'weight-stationary',
    ...(registers === 2 ? { registers } : {}),
    ...(skew === undefined ? {} : { skew }),
    tail: tail ?? ACCUMULATE,
    reloads: true,
  };
}

function ruleOf<Name extends string, Count extends string>(
  {
    event,
    energy,
    time,
    cycles,
    resource,
    share,
  }: Omit<FullDesign['gemm'][number], 'energy' | 'time'> & {
    energy: Name;
    time: Name;
  },
  names: Record<Name, Count>,
): Rule<Count> {
  const rule = { event, energy: names[energy], time: names[time], cycles, resource };
  return share === undefined ? rule : { ...rule, share };
}

function checkComponent(name: string, part: Part, technology: Technology, locate: Locate): void {
  const path = ['components', name];
  if (name === 'router' || MEMORIES.some((memory) => name === sramName(memory))) {
    const message = `"${name}" is the name of a part that every design has`;
    throw problem(locate, path, { code: 'invalid-value', message, expected: 'another name' }, 'key');
  }
  const row = Object.hasOwn(technology.logic, part.class) ? technology.logic[part.class] : undefined;
  if (row === undefined) {
    const what = `logic class of technology "${technology.name}"`;
    throw unknownWord(locate, [...path, 'class'], what, part.class, Object.keys(technology.logic));
  }
  const needed = Object.keys(row.reference);
  const given = attributesOf(part);
  for (const key of Object.keys(given)) {
    if (needed.includes(key)) continue;
    const message = `the cost of class "${part.class}" does not depend on ${key}`;
    const expected = needed.length > 0 ? `attributes ${needed.join(', ')}` : 'no attributes';
    throw problem(locate, [...path, 'attributes', key], { code: 'invalid-value', message, expected }, 'key');
  }
  const missing = needed.find((key) => !(key in given));
  if (missing !== undefined) {
    const message = `the cost of class "${part.class}" depends on ${missing}, which "${name}" does not give`;
    throw problem(locate, path, {
      code: 'invalid-value',
      message,
      expected: `attributes: {${needed.map((key) => `${key}: …`).join(', ')}}`,
      received: `attributes: {${Object.keys(given).join(', ')}}`,
    });
  }
}

/** Every name that one part of the file uses must be defined in another, and every event must be used. */
function checkEvents(spec: FullDesign, locate: Locate): void {
  const parts = Object.keys(spec.components);
  const events = Object.keys(spec.events);
  for (const [event, fired] of Object.entries(spec.events)) {
    for (const component of Object.keys(fired)) {
      if (!parts.includes(component))
        throw unknownWord(locate, ['events', event, component], 'component', component, parts, 'key');
    }
  }
  const used = new Set(ELEMENT_EVENTS);
  const rules: [Path, readonly { event: string }[]][] = [
    [['gemm'], spec.gemm],
    [['nonlinear', 'softmax', 'rules'], spec.nonlinear.softmax.rules],
    [['nonlinear', 'activation', 'rules'], spec.nonlinear.activation.rules],
  ];
  for (const [path, list] of rules) {
    list.forEach(({ event }, i) => {
      if (!events.includes(event)) throw unknownWord(locate, [...path, i, 'event'], 'event', event, events);
      used.add(event);
    });
  }
  for (const event of ELEMENT_EVENTS) {
    if (events.includes(event)) continue;
    throw problem(locate, ['events'], {
      code: 'invalid-value',
      message: `norms and residual sums need the event "${event}", which is missing`,
      expected: `"${event}" with what one lane switches once`,
      received: `events ${events.join(', ')}`,
    });
  }
  const idle = events.find((event) => !used.has(event));
  if (idle === undefined) return;
  const message = `the event "${idle}" is in no rule of gemm or nonlinear, so it would never count`;
  throw problem(locate, ['events', idle], { code: 'invalid-value', message }, 'key');
}

/** The array must take the time of its steps, and nonlinear functions must take time. */
function checkTime({ array, gemm, nonlinear }: FullDesign, locate: Locate): void {
  if (
    !gemm.some(({ time, cycles, resource }) => time === 'array_cycles' && resource === 'array' && cycles >= 1)
  ) {
    throw problem(locate, ['gemm'], {
      code: 'invalid-value',
      message: 'no rule takes time on the array, so products would be free',
      expected: 'a rule with time: array_cycles, resource: array and cycles: 1',
    });
  }
  for (const fn of ['softmax', 'activation'] as const) {
    if (nonlinear[fn].rules.some(({ cycles }) => cycles > 0)) continue;
    throw problem(locate, ['nonlinear', fn, 'rules'], {
      code: 'invalid-value',
      message: `no rule of ${fn} takes time, so it would be free`,
      expected: 'a rule with cycles above 0',
    });
  }
  const { stationary } = array;
  const { kind: pipeline } = pipelineOf(array.pipeline);
  if (pipeline !== 'weight-stationary' && pipeline !== 'output-stationary') return;
  const operand = pipeline.replace('-stationary', '');
  if (stationary !== operand) {
    throw problem(locate, ['array', 'stationary'], {
      code: 'invalid-value',
      message: `a ${pipeline} pipeline keeps its ${operand}s in place`,
      expected: operand,
      received: stationary,
      nearest: operand,
    });
  }
  for (const key of ['depth', 'step_cycles'] as const) {
    if (array[key] === 1) continue;
    throw problem(locate, ['array', key], {
      code: 'invalid-value',
      message: `a ${pipeline} pipeline moves one product of K a cycle`,
      expected: '1',
      received: String(array[key]),
      nearest: '1',
    });
  }
}
