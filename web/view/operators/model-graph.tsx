import type { Evaluation } from '../../../src/evaluate/evaluation.ts';
import { percent } from '../../../src/present/readable.ts';
import type { Phase } from '../../../src/workload/operator.ts';
import { detail } from '../../state/store.ts';
import { blockTime, type Chosen, type Graph } from './chosen.ts';
import { FlowFigure } from './flow-figure.tsx';

interface GraphProps {
  graph: Graph;
  phase: Phase;
  evaluation: Evaluation;
  chosen: Chosen | undefined;
  /** Place of the block that is open; -1 for none. */
  open: number;
  onChoose(chosen: Chosen): void;
}

const STACKS = { encoder: 'Encoder', decoder: 'Decoder', gemms: 'List', graph: 'Graph' } as const;

/** The model from its input to its output: a block for each kind of layers, one of them opened. */
export function ModelGraph({ graph, phase, evaluation, chosen, open, onChoose }: GraphProps) {
  const blocks = graph.blocks[phase];
  return (
    <ol className="blocks">
      {blocks.map((block, at) => (
        // A kind of layers has no other identity than its place.
        <li key={`${phase} ${at} ${block.title}`} className={block.layers > 1 ? 'many' : undefined}>
          <button
            type="button"
            className="block"
            aria-expanded={at === open}
            onClick={() => detail({ pass: phase, block: at === open ? 'none' : String(at), op: undefined })}
          >
            <span className="name">
              <span className="note">{STACKS[block.stack]}</span> {block.title}
            </span>
            {block.isLayer && <span className="times">×{block.layers}</span>}
            <span className="share">{percent(blockTime(block, evaluation), evaluation.total.time)}</span>
          </button>
          {at === open && (
            <FlowFigure
              block={block}
              where={{ phase, block: at }}
              evaluation={evaluation}
              chosen={chosen?.block === at && chosen.phase === phase ? chosen.operator : undefined}
              onChoose={(operator) => onChoose({ phase, block: at, operator })}
            />
          )}
        </li>
      ))}
    </ol>
  );
}
