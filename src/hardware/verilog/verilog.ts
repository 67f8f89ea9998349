import type { Expression, Memory } from '../expression.ts';
import { MugiError } from '../../errors.ts';
import { type AnyModule, modulesOf } from '../ir.ts';
import { ExpressionWriter, literal, range } from './expression.ts';
import { intermediateNets, type Reading, readings } from './nets.ts';

export interface VerilogFile {
  readonly name: string;
  readonly text: string;
}

/**
 * The whole design as Verilog-2005: one file per module, children first, the top last, each module once, then
 * the memory files that its ROMs load. The text depends on nothing but the design.
 * @throws MugiError when two different modules have one name
 */
export function verilog(top: AnyModule): VerilogFile[] {
  const texts = new Map<string, string>();
  const memories = new Map<string, string>();
  const visited = new Set<AnyModule>();
  const visit = (module: AnyModule): void => {
    if (visited.has(module)) return;
    visited.add(module);
    for (const { module: child } of module.body.instances) visit(child);
    const text = moduleVerilog(module);
    const known = texts.get(module.name);
    if (known !== undefined && known !== text) {
      throw new MugiError({
        code: 'invalid-value',
        message: `two different modules are both called "${module.name}": put their parameters into the name`,
        path: module.name,
      });
    }
    texts.set(module.name, text);
    for (const memory of module.body.memories) {
      if (memory.contents !== undefined)
        memories.set(romFile(memory), hexWords(memory.contents, memory.width));
    }
  };
  visit(top);
  return [
    ...[...texts].map(([name, text]) => ({ name: `${name}.v`, text })),
    ...[...memories].map(([name, text]) => ({ name, text })),
  ];
}

/** Words of a `$readmemh` file, one a line. */
function hexWords(words: readonly bigint[], width: number): string {
  const digits = Math.ceil(width / 4);
  return words.map((word) => `${word.toString(16).padStart(digits, '0')}\n`).join('');
}

const romFile = (memory: Memory): string => `${memory.module}_${memory.name}.mem`;

/** One module's Verilog. */
function moduleVerilog(module: AnyModule): string {
  const { wires, registers, memories, instances } = module.body;
  const { nets, names } = intermediateNets(module);
  const writer = new ExpressionWriter(names);
  const lines: string[] = [];
  const exported = new Map<string, 'wire' | 'reg'>();
  for (const { name, lanes, values } of module.outputs) {
    const { signal } = values[0];
    if (lanes === undefined && signal?.name === name && signal.kind !== 'input') {
      const wire = wires.find((statement) => statement.signal === signal);
      const direct = wire !== undefined && names.get(wire.value!) === name ? netKind(wire.value!) : 'wire';
      exported.set(name, signal.kind === 'register' ? 'reg' : direct);
    }
  }

  for (const line of module.doc.split('\n')) if (line !== '') lines.push(`// ${line}`.trimEnd());
  const ports = [
    ...(module.hasClock ? ['input wire clock'] : []),
    ...(module.hasReset ? ['input wire reset'] : []),
    ...module.inputs.map(({ name, width, lanes }) => `input wire ${span(width * (lanes ?? 1))}${name}`),
    ...module.outputs.map(
      ({ name, width, lanes }) =>
        `output ${exported.get(name) ?? 'wire'} ${span(width * (lanes ?? 1))}${name}`,
    ),
  ];
  lines.push(
    `module ${module.name} (`,
    ...ports.map((port, i) => `    ${port}${i < ports.length - 1 ? ',' : ''}`),
    ');',
  );

  const declare = (kind: 'wire' | 'reg', width: number, name: string) => {
    if (!exported.has(name)) lines.push(`    ${kind} ${span(width)}${name};`);
  };
  for (const { signal } of registers) declare('reg', signal.width, signal.name);
  for (const { signal, value } of wires) {
    declare(names.get(value!) === signal.name ? netKind(value!) : 'wire', signal.width, signal.name);
  }
  for (const instance of instances) {
    for (const { name, width, lanes } of instance.module.outputs) {
      declare('wire', width * (lanes ?? 1), `${instance.name}_${name}`);
    }
  }
  for (const { value, name } of nets) declare(netKind(value), value.width, name);
  for (const memory of memories) {
    lines.push(`    reg ${span(memory.width)}${memory.name} [0:${memory.depth - 1}];`);
    if (memory.contents !== undefined) {
      lines.push(`    initial $readmemh("${romFile(memory)}", ${memory.name});`);
    }
  }

  lines.push('');
  for (const { value, name } of nets) lines.push(...intermediate(writer, value, name));
  for (const { signal, value } of wires) {
    if (names.get(value!) === signal.name) lines.push(...intermediate(writer, value!, signal.name));
    else lines.push(`    assign ${signal.name} = ${writer.text(value!)};`);
  }
  for (const instance of instances) lines.push(...instanceLines(writer, instance));
  for (const { name, width, lanes, values } of module.outputs) {
    if (exported.has(name)) continue;
    values.forEach((value, lane) => {
      const target = range(name, width * (lanes ?? 1), lane * width + width - 1, lane * width);
      lines.push(`    assign ${target} = ${writer.text(value)};`);
    });
  }

  const clocked = [
    ...registers.map((register) => registerLine(writer, register)),
    ...memories.flatMap(({ name, writes }) =>
      writes.map(
        ({ enable, address, data }) =>
          `if (${writer.text(enable)}) ${name}[${writer.text(address)}] <= ${writer.text(data)};`,
      ),
    ),
  ];
  if (clocked.length > 0) {
    lines.push(
      '',
      '    always @(posedge clock) begin',
      ...clocked.map((line) => `        ${line}`),
      '    end',
    );
  }
  const unread = unreadBits(readings(module, nets, names));
  if (unread.length > 0) {
    lines.push('', `    wire unused_bits = &{1'b0, ${unread.join(', ')}};`);
  }
  lines.push('endmodule', '');
  return lines.join('\n');
}

/** A case statement assigns to a Verilog `reg`, although this is not a register. */
const netKind = (value: Expression): 'wire' | 'reg' => (value.op === 'select' ? 'reg' : 'wire');

const span = (width: number): string => (width === 1 ? '' : `[${width - 1}:0] `);

function intermediate(writer: ExpressionWriter, value: Expression, name: string): string[] {
  if (value.op === 'read') {
    const memory = value.memory!;
    const address = writer.text(value.args[0]);
    const word = `${memory.name}[${address}]`;
    if (2 ** memory.addressWidth === memory.depth) return [`    assign ${name} = ${word};`];
    const last = literal(BigInt(memory.depth - 1), memory.addressWidth);
    return [`    assign ${name} = ${address} > ${last} ? ${literal(0n, memory.width)} : ${word};`];
  }
  if (value.op !== 'select') return [`    assign ${name} = ${writer.definition(value)};`];
  const [selector, ...options] = value.args;
  const complete = options.length === 2 ** selector.width;
  return [
    '    always @* begin',
    `        case (${writer.text(selector)})`,
    ...options.map((option, i) => {
      const label = complete && i === options.length - 1 ? 'default' : literal(BigInt(i), selector.width);
      return `            ${label}: ${name} = ${writer.text(option)};`;
    }),
    ...(complete ? [] : [`            default: ${name} = ${literal(0n, value.width)};`]),
    '        endcase',
    '    end',
  ];
}

function instanceLines(writer: ExpressionWriter, instance: AnyModule['body']['instances'][number]): string[] {
  const { name, module, connections } = instance;
  const pins = [
    ...(module.hasClock ? ['.clock(clock)'] : []),
    ...(module.hasReset ? ['.reset(reset)'] : []),
    ...module.inputs.map((port, i) => {
      // Lane 0 is in the lowest bits.
      const lanes = [...connections[i]].reverse().map((value) => writer.text(value));
      return `.${port.name}(${lanes.length === 1 ? lanes[0] : packed(connections[i], lanes)})`;
    }),
    ...module.outputs.map((port) => `.${port.name}(${name}_${port.name})`),
  ];
  return [
    `    ${module.name} ${name} (`,
    ...pins.map((pin, i) => `        ${pin}${i < pins.length - 1 ? ',' : ''}`),
    '    );',
  ];
}

/** A whole bus handed on stays one name; other lanes are concatenated. */
function packed(values: readonly Expression[], texts: readonly string[]): string {
  const first = values[0].signal;
  const whole =
    first !== undefined &&
    first.netWidth === values.length * first.width &&
    values.every(({ signal }, i) => signal?.net === first.net && signal.offset === i * first.width);
  return whole ? first.net : `{${texts.join(', ')}}`;
}

function registerLine(writer: ExpressionWriter, register: AnyModule['body']['registers'][number]): string {
  const { signal, reset, enable, next } = register;
  const update = `${signal.name} <= ${writer.text(next!)};`;
  const gated = enable === undefined ? update : `if (${writer.text(enable)}) ${update}`;
  if (reset === undefined) return gated;
  return `if (reset) ${signal.name} <= ${literal(reset, signal.width)}; else ${gated}`;
}

/** Parts of nets that nothing reads; handed to one sink, so that linters see them as deliberate. */
function unreadBits(nets: readonly Reading[]): string[] {
  const parts: string[] = [];
  for (const { name, width, read } of nets) {
    for (let low = 0; low < width; low++) {
      if (read[low]) continue;
      let high = low;
      while (high + 1 < width && !read[high + 1]) high++;
      parts.push(range(name, width, high, low));
      low = high;
    }
  }
  return parts;
}

/** The names of the design's Verilog files in the order a tool must read them. */
export function fileList(files: readonly VerilogFile[]): string {
  return files
    .filter(({ name }) => name.endsWith('.v'))
    .map(({ name }) => `${name}\n`)
    .join('');
}

export { modulesOf };
