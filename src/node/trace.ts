import type { Node } from './node.ts';
import type { Observer } from './run.ts';

interface Wire {
  name: string;
  width: number;
  value: (node: Node) => number;
}

/** The signals of a trace: CNT, the five stages, column buses, every row's spikes and product, result pins. */
function wires(rows: number, lanes: number): Wire[] {
  const list: Wire[] = [
    { name: 'cnt', width: 3, value: (n) => n.sequencer.count },
    ...(['load', 'hold', 'active', 'out', 'emit'] as const).map((stage) => ({
      name: `stage_${stage}`,
      width: 19,
      value: (n: Node) => n.sequencer[stage],
    })),
    { name: 'window_low', width: 8, value: (n) => n.exponent.low },
    { name: 'column_parities', width: 8, value: (n) => n.inputFifo.parities },
  ];
  for (let c = 0; c < 8; c++) list.push({ name: `bus_${c}`, width: 16, value: (n) => n.inputFifo.bus[c] });
  for (let row = 0; row < rows; row++) {
    list.push(
      {
        name: `row_${row}_spikes`,
        width: 8,
        value: (n) => n.elements.spikes[row] | n.spikeNow(row),
      },
      {
        name: `row_${row}_slot`,
        width: 16,
        value: (n) => n.deskew.slot[row * 8 + n.sequencer.count],
      },
      { name: `row_${row}_sum`, width: 16, value: (n) => n.accumulator.head(row, n.sequencer.count) },
      { name: `row_${row}_result`, width: 16, value: (n) => n.post.result[row] },
    );
  }
  list.push({ name: 'result_valid', width: 1, value: (n) => (n.resultValid ? 1 : 0) });
  for (let lane = 0; lane < lanes; lane++) {
    list.push({ name: `result_${lane}`, width: 16, value: (n) => n.result[lane] });
  }
  return list;
}

/** An observer that writes a VCD (IEEE 1364 §18) of the cycle model, one time unit per 2.5 ns clock. */
export function vcdTrace(rows: number): { observe: Observer; text(): string } {
  const signals = wires(rows, rows / 8);
  const code = (index: number): string => {
    let text = '';
    for (let rest = index; ; rest = Math.floor(rest / 94) - 1) {
      text = String.fromCharCode(33 + (rest % 94)) + text;
      if (rest < 94) return text;
    }
  };
  const lines = ['$timescale 2500 ps $end', `$scope module mugi_${rows} $end`];
  signals.forEach(({ name, width }, i) => lines.push(`$var wire ${width} ${code(i)} ${name} $end`));
  lines.push('$upscope $end', '$enddefinitions $end');
  const last = new Float64Array(signals.length).fill(-1);
  return {
    observe(cycle, node) {
      const changes: string[] = [];
      signals.forEach(({ width, value }, i) => {
        const now = value(node);
        if (now === last[i]) return;
        last[i] = now;
        changes.push(width === 1 ? `${now}${code(i)}` : `b${now.toString(2)} ${code(i)}`);
      });
      if (changes.length > 0) lines.push(`#${cycle}`, ...changes);
    },
    text: () => `${lines.join('\n')}\n`,
  };
}
