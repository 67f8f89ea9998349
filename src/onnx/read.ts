import { MugiError } from '../errors.ts';
import { line } from '../shown.ts';
import { type Attribute, BITS, type Graph, type GraphNode, type OnnxModel, type ValueInfo } from './graph.ts';
import { readTensor } from './tensor.ts';
import { floats, inside, message, text, whole } from '../protobuf.ts';

/** Names of nodes are cut to as many characters. */
const MOST_NAME = 120;
/** Graphs inside attributes of graphs (If, Loop) may nest as deep. */
const MOST_DEPTH = 16;

/**
 * Reads an ONNX file (ModelProto of onnx.proto3). Weights are looked at for their sizes only: data in other files is not
 * opened.
 * @throws MugiError that names the file and what is wrong with it
 */
export function readOnnx(bytes: Uint8Array, path: string): OnnxModel {
  try {
    return model(bytes);
  } catch (error) {
    if (error instanceof MugiError) throw error;
    throw new MugiError({
      code: 'invalid-file',
      message: `this is no whole ONNX model: ${reasonOf(error as Error)}`,
      path,
      expected: 'a protobuf of onnx.ModelProto, as exporters write it',
      received: `${bytes.length} bytes`,
    });
  }
}

const reasonOf = ({ message }: Error): string =>
  message === 'premature end' || message.startsWith('Offset is outside')
    ? 'the file ends inside a message'
    : message.startsWith('no field') || message.startsWith('Unimplemented type')
      ? `no protobuf (${message})`
      : message;

function model(bytes: Uint8Array): OnnxModel {
  let found: Graph | undefined;
  let version = 0;
  const functions: string[] = [];
  message(bytes, {
    1: whole((value) => (version = value)),
    7: inside((graph) => (found = readGraph(graph, 0))),
    25: inside((one) => functions.push(functionName(one))),
  });
  if (found === undefined) throw new Error('there is no graph in it');
  if (!(version >= 1)) throw new Error('it has no ir_version');
  return { graph: found, functions };
}

function functionName(bytes: Uint8Array): string {
  let [name, domain] = ['', ''];
  message(bytes, { 1: text((value) => (name = value)), 10: text((value) => (domain = value)) });
  return `${domain}:${name}`;
}

function readGraph(bytes: Uint8Array, depth: number): Graph {
  if (depth > MOST_DEPTH) throw new Error(`graphs nest deeper than ${MOST_DEPTH}`);
  const graph: Graph = { nodes: [], initializers: new Map(), inputs: [], outputs: [], values: [] };
  message(bytes, {
    1: inside((node) => graph.nodes.push(readNode(node, depth))),
    5: inside((one) => {
      const tensor = readTensor(one);
      graph.initializers.set(tensor.name, tensor);
    }),
    11: inside((one) => graph.inputs.push(readValue(one))),
    12: inside((one) => graph.outputs.push(readValue(one))),
    13: inside((one) => graph.values.push(readValue(one))),
    15: inside(() => {
      throw new Error('it has sparse weights, which are not modelled');
    }),
  });
  return graph;
}

function readNode(bytes: Uint8Array, depth: number): GraphNode {
  const node: GraphNode = { name: '', op: '', domain: '', inputs: [], outputs: [], attributes: new Map() };
  message(bytes, {
    1: text((name) => node.inputs.push(name)),
    2: text((name) => node.outputs.push(name)),
    3: text((name) => (node.name = name)),
    4: text((op) => (node.op = op)),
    5: inside((one) => {
      const [name, attribute] = readAttribute(one, depth);
      node.attributes.set(name, attribute);
    }),
    7: text((domain) => (node.domain = domain === 'ai.onnx' ? '' : domain)),
  });
  if (node.op === '') throw new Error('a node has no operator');
  node.op = line(node.op, MOST_NAME);
  // Names are shown; what links nodes are their inputs and outputs.
  node.name = line(node.name || (node.outputs.find((name) => name !== '') ?? node.op), MOST_NAME);
  return node;
}

function readAttribute(bytes: Uint8Array, depth: number): [string, Attribute] {
  const attribute: Attribute = {};
  let name = '';
  const add = (value: number): void => void (attribute.numbers ??= []).push(value);
  message(bytes, {
    1: text((value) => (name = value)),
    2: floats((value) => (attribute.number = value)),
    3: whole((value) => (attribute.number = value)),
    4: text((value) => (attribute.text = value)),
    5: inside((value) => (attribute.tensor = readTensor(value))),
    6: inside((value) => (attribute.graph = readGraph(value, depth + 1))),
    7: floats(add),
    8: whole(add),
  });
  return [name, attribute];
}

function readValue(bytes: Uint8Array): ValueInfo {
  const value: ValueInfo = { name: '' };
  const dimension = (one: Uint8Array): void => {
    let size: number | string = '';
    message(one, {
      1: whole((number) => (size = number >= 0 ? number : '')),
      2: text((name) => (size = name)),
    });
    value.dims?.push(size);
  };
  const shape = (one: Uint8Array): void => {
    value.dims = [];
    message(one, { 1: inside(dimension) });
  };
  const tensor = (one: Uint8Array): void =>
    message(one, { 1: whole((type) => (value.type = type)), 2: inside(shape) });
  message(bytes, {
    1: text((name) => (value.name = name)),
    2: inside((type) => message(type, { 1: inside(tensor) })),
  });
  if (value.type !== undefined && !Object.hasOwn(BITS, value.type)) value.type = undefined;
  return value;
}
