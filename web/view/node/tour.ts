/** A step of the tour: what to see, and where. Words of the address; what is not named keeps its usual value. */
interface Step {
  title: string;
  text: string;
  words: Readonly<Record<string, string>>;
}

const GEMM = { op: 'gemm', rows: '8', m: '8', k: '4', n: '8', seed: '1' };
const SILU = { op: 'silu', rows: '8', m: '1', n: '16', seed: '1' };
const SOFTMAX = { op: 'softmax', rows: '8', m: '8', n: '6', seed: '1' };

/** Value-level parallelism in ten steps. */
export const TOUR: readonly Step[] = [
  {
    title: 'All products of one value',
    text: 'A weight of four bits has a magnitude of 0 to 7. So an activation a has eight products only: 0, a, 2a … 7a. The node makes them by adding a once a cycle, and puts each on the bus of a column for all rows to see.',
    words: { ...GEMM, cycle: '17', row: '0' },
  },
  {
    title: 'A weight becomes a time',
    text: 'A row knows its weight and watches the shared counter. In the cycle in which the counter equals the magnitude, the row spikes. Large weights spike late, small ones early: that is the temporal code.',
    words: { ...GEMM, cycle: '18', row: '2' },
  },
  {
    title: 'The spike picks the product',
    text: 'At that moment the bus carries just the product that the row wants, and a slot of the row takes it. All rows share the eight additions: the work of one adder serves as many products as there are rows.',
    words: { ...GEMM, cycle: '19', row: '3' },
  },
  {
    title: 'It runs on to the right',
    text: 'The spike moves one column a cycle. Column c is c cycles late by itself, so the spike meets the same multiple of another activation there: eight products from one spike.',
    words: { ...GEMM, cycle: '22', row: '3' },
  },
  {
    title: 'Two mappings in flight',
    text: 'A new frame begins every eight cycles, while spikes of the last one are still on their way through the right columns. Two colours, two mappings: no cycle is lost.',
    words: { ...GEMM, cycle: '25', row: '3' },
  },
  {
    title: 'Slots are read in order',
    text: 'Spikes come when the weights say so, but slot c is read eight cycles after column c saw the first multiple, whatever the weight. Each row then needs one adder: slot c meets partial sum c, and the sign of the weight joins.',
    words: { ...GEMM, cycle: '25', row: '1' },
  },
  {
    title: 'Sums leave through few lanes',
    text: 'When the last inner index is through, drain frames bring the sums, an eighth of the rows at a time, to the vector lanes: they multiply by the scale of the group, and the results are written.',
    words: { ...GEMM, cycle: '58', row: '0' },
  },
  {
    title: 'The same array looks up functions',
    text: 'For SiLU the buses carry rows of a table instead of multiples. The mantissa of the input, rounded to three bits, is the time of the spike: it picks the row of the table.',
    words: { ...SILU, cycle: '17', row: '0' },
  },
  {
    title: 'The exponent picks the column',
    text: 'Each column carries the entries of one exponent. Every slot fills, but only the one of the input’s own exponent is read: a frame around a cell is a result taken. Positive and negative inputs take turns.',
    words: { ...SILU, cycle: '30', row: '2' },
  },
  {
    title: 'Softmax without a vector unit of its own',
    text: 'Three passes over the scores: the maximum, exponentials with their sum, and the product with the reciprocal. The middle one is the lookup that you have just seen; the others use the lanes that scale products.',
    words: { ...SOFTMAX, cycle: '70', row: '0' },
  },
];
