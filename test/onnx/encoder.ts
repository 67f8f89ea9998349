import type { GraphSpec, NodeSpec, TensorSpec } from './write.ts';

export interface EncoderSize {
  layers: number;
  hidden: number;
  heads: number;
  ffn: number;
  words: number;
}

/**
 * A BERT-like encoder as exporters write it: sizes computed in the graph, norms and GELU as single steps, no sizes
 * between the nodes.
 */
export function encoderGraph({ layers, hidden, heads, ffn, words }: EncoderSize): GraphSpec {
  const nodes: NodeSpec[] = [];
  const initializers: TensorSpec[] = [
    { name: 'words', dims: [words, hidden] },
    { name: 'two', dims: [], data: [2] },
    { name: 'eps', dims: [], data: [1e-5] },
    { name: 'one', dims: [], data: [1] },
    { name: 'half', dims: [], data: [0.5] },
    { name: 'root2', dims: [], data: [Math.SQRT2] },
    { name: 'scale', dims: [], data: [8] },
    { name: 'head', dims: [], type: 7, data: [hidden / heads], raw: true },
    { name: 'heads', dims: [], type: 7, data: [heads] },
    { name: 'width', dims: [1], type: 7, data: [hidden] },
    { name: 'i0', dims: [], type: 7, data: [0] },
    { name: 'i1', dims: [], type: 7, data: [1], raw: true },
    { name: 'axis0', dims: [1], type: 7, data: [0] },
  ];
  const step = (op: string, inputs: string[], out: string, attributes?: NodeSpec['attributes']): string => {
    nodes.push({ op, in: inputs, out: [out], name: `/${out}`, attributes });
    return out;
  };
  const weight = (name: string, dims: number[]): string => {
    initializers.push({ name, dims });
    return name;
  };
  step('Gather', ['words', 'ids'], 'embedded', { axis: 0 });
  step('Shape', ['ids'], 'size');
  step('Gather', ['size', 'i0'], 'batch', { axis: 0 });
  step('Gather', ['size', 'i1'], 'length', { axis: 0 });
  const lists = ['batch', 'length', 'heads', 'head'].map((name) =>
    step('Unsqueeze', [name, 'axis0'], `${name}1`),
  );
  step('Concat', lists, 'split', { axis: 0 });
  step('Concat', ['batch1', 'length1', 'width'], 'join', { axis: 0 });
  let x = 'embedded';
  const norm = (input: string, at: string): string => {
    step('ReduceMean', [input], `${at}/mean`, { axes: [-1] });
    step('Sub', [input, `${at}/mean`], `${at}/centred`);
    step('Pow', [`${at}/centred`, 'two'], `${at}/squares`);
    step('ReduceMean', [`${at}/squares`], `${at}/variance`, { axes: [-1] });
    step('Add', [`${at}/variance`, 'eps'], `${at}/safe`);
    step('Sqrt', [`${at}/safe`], `${at}/deviation`);
    step('Div', [`${at}/centred`, `${at}/deviation`], `${at}/normal`);
    step('Mul', [`${at}/normal`, weight(`${at}/gamma`, [hidden])], `${at}/scaled`);
    return step('Add', [`${at}/scaled`, weight(`${at}/beta`, [hidden])], `${at}/out`);
  };
  const linear = (input: string, at: string, k: number, n: number): string => {
    step('MatMul', [input, weight(`${at}/weight`, [k, n])], `${at}/product`);
    return step('Add', [weight(`${at}/bias`, [n]), `${at}/product`], `${at}/sum`);
  };
  for (let i = 0; i < layers; i++) {
    const at = `layer.${i}`;
    const [q, k, v] = ['q', 'k', 'v'].map((name) => {
      const sum = linear(x, `${at}/${name}`, hidden, hidden);
      step('Reshape', [sum, 'split'], `${at}/${name}/heads`);
      return step('Transpose', [`${at}/${name}/heads`], `${at}/${name}/turned`, {
        perm: name === 'k' ? [0, 2, 3, 1] : [0, 2, 1, 3],
      });
    });
    step('MatMul', [q, k], `${at}/scores`);
    step('Div', [`${at}/scores`, 'scale'], `${at}/scaled-scores`);
    step('Add', [`${at}/scaled-scores`, 'mask'], `${at}/masked`);
    step('Softmax', [`${at}/masked`], `${at}/shares`, { axis: -1 });
    step('MatMul', [`${at}/shares`, v], `${at}/values`);
    step('Transpose', [`${at}/values`], `${at}/back`, { perm: [0, 2, 1, 3] });
    step('Reshape', [`${at}/back`, 'join'], `${at}/joined`);
    const a = linear(`${at}/joined`, `${at}/a`, hidden, hidden);
    const middle = norm(step('Add', [a, x], `${at}/residual-1`), `${at}/norm-1`);
    const up = linear(middle, `${at}/ffn/up`, hidden, ffn);
    step('Div', [up, 'root2'], `${at}/inside`);
    step('Erf', [`${at}/inside`], `${at}/erf`);
    step('Add', [`${at}/erf`, 'one'], `${at}/erf+1`);
    step('Mul', [up, `${at}/erf+1`], `${at}/gated`);
    step('Mul', [`${at}/gated`, 'half'], `${at}/gelu`);
    const down = linear(`${at}/gelu`, `${at}/ffn/down`, ffn, hidden);
    x = norm(step('Add', [down, middle], `${at}/residual-2`), `${at}/norm-2`);
  }
  return {
    nodes,
    initializers,
    inputs: [
      { name: 'ids', type: 7, dims: ['batch', 'sequence'] },
      { name: 'mask', dims: ['batch', 1, 1, 'sequence'] },
    ],
    outputs: [{ name: x }],
  };
}
