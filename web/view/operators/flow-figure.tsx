import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { Evaluation } from '../../../src/evaluate/evaluation.ts';
import { percent } from '../../../src/present/readable.ts';
import type { Block, BlockStep } from '../../../src/workload/flow/blocks.ts';
import { useWidth } from '../../part/use-width.ts';
import { blockTime, type Chosen, timeOf } from './chosen.ts';
import { Share } from './operator-number.tsx';
import { type Box, isPort, laidOut, OUTPUT } from './layout.ts';

/** More boxes are no picture; their table remains. */
const MOST_DRAWN = 300;

interface FlowProps {
  block: Block;
  /** Where the block stands in the graph of the model. */
  where: Omit<Chosen, 'operator'>;
  evaluation: Evaluation;
  chosen: string | undefined;
  onChoose(operator: string): void;
}

/** The words of an address for a block. */
const placeOf = ({ phase, block }: FlowProps['where']) => ({ pass: phase, block: String(block) });

/** The operators of a block as a graph, and as a table for those who cannot see it. */
export function FlowFigure(props: FlowProps) {
  const { block, where, evaluation } = props;
  const total = evaluation.total.time;
  const longest = block.steps.toSorted((a, b) => timeOf(b, evaluation) - timeOf(a, evaluation));
  return (
    <figure className="flow">
      {block.steps.length <= MOST_DRAWN && <Graph {...props} />}
      <figcaption>
        {block.isLayer ? 'One layer' : 'The part'} has {block.steps.length} operators and takes{' '}
        <Share
          time={blockTime(block, evaluation)}
          of={placeOf(where)}
          label={block.title}
          evaluation={evaluation}
        />{' '}
        of the time; most of it goes to{' '}
        {longest
          .slice(0, 2)
          .map((step) => `${step.id} (${percent(timeOf(step, evaluation), total)})`)
          .join(' and ')}
        . A bar is the time of an operator beside the longest one here; shares are of the whole inference.
      </figcaption>
      <details>
        <summary>As a table</summary>
        <Edges {...props} />
      </details>
    </figure>
  );
}

function Edges({ block: { steps, results }, where, evaluation }: FlowProps) {
  const readers = (id: string): string => {
    const after = steps.filter(({ reads }) => reads.includes(id)).map((step) => step.id);
    return [...after, ...(results.includes(id) ? [OUTPUT] : [])].join(', ');
  };
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Dataflow">
      <table>
        <thead>
          <tr>
            <th scope="col">operator</th>
            <th scope="col" className="text">
              reads
            </th>
            <th scope="col" className="text">
              is read by
            </th>
            <th scope="col">time</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.id}>
              <th scope="row">{step.id}</th>
              <td className="text">{step.reads.join(', ') || '–'}</td>
              <td className="text">{readers(step.id) || '–'}</td>
              <td>
                <Share
                  time={timeOf(step, evaluation)}
                  of={{ ...placeOf(where), step: step.id }}
                  label={step.id}
                  evaluation={evaluation}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Graph({ block, evaluation, chosen, onChoose }: FlowProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const picture = useMemo(() => (width === 0 ? undefined : laidOut(block, width)), [block, width]);
  const steps = new Map(block.steps.map((step) => [step.id, step]));
  const shown = picture?.boxes.filter(({ id }) => !isPort(id)) ?? [];
  // One stop of the Tab key; arrows lead from operator to operator.
  const [last, setLast] = useState<string>();
  const stop =
    shown.find(({ id }) => id === last) ??
    shown.find(({ id }) => steps.get(id)?.operator === chosen) ??
    shown[0];
  const most = Math.max(...block.steps.map((step) => timeOf(step, evaluation)));
  const move = (event: KeyboardEvent, from: Box): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onChoose(steps.get(from.id)!.operator);
      return;
    }
    const next = nextBox(event.key, from, shown);
    if (next === undefined) return;
    event.preventDefault();
    setLast(next.id);
    frame.current?.querySelector<SVGGElement>(`[data-step="${CSS.escape(next.id)}"]`)?.focus();
  };
  return (
    <div className="frame" ref={frame}>
      {picture !== undefined && (
        <svg width={picture.width} height={picture.height} role="group" aria-label={`Graph: ${block.title}`}>
          <defs>
            <marker
              id="arrow"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="6"
              markerHeight="6"
              orient="auto"
            >
              <path d="M0 0.8 7.4 4 0 7.2z" />
            </marker>
          </defs>
          {picture.edges.map(({ from, to, path }) => (
            <path
              key={`${from} ${to}`}
              d={path}
              className={touches(chosen, from, to, steps) ? 'edge near' : 'edge'}
              markerEnd="url(#arrow)"
            />
          ))}
          {picture.boxes.map((box) => {
            const step = steps.get(box.id);
            return step === undefined ? (
              <Port key={box.id} box={box} />
            ) : (
              <Operator
                key={box.id}
                box={box}
                step={step}
                evaluation={evaluation}
                most={most}
                chosen={step.operator === chosen}
                reached={box.id === stop?.id}
                onChoose={() => {
                  setLast(box.id);
                  onChoose(step.operator);
                }}
                onKey={(event) => move(event, box)}
              />
            );
          })}
        </svg>
      )}
    </div>
  );
}

const touches = (
  chosen: string | undefined,
  from: string,
  to: string,
  steps: ReadonlyMap<string, BlockStep>,
): boolean =>
  chosen !== undefined && (steps.get(from)?.operator === chosen || steps.get(to)?.operator === chosen);

/** The nearest box that way. */
function nextBox(key: string, from: Box, boxes: readonly Box[]): Box | undefined {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [
    0, 0,
  ];
  if (dx === 0 && dy === 0) return undefined;
  const centre = (box: Box) => box.x + box.width / 2;
  const ahead = boxes.filter(
    (box) =>
      box.id !== from.id &&
      (dy === 0 ? box.y === from.y && dx * (centre(box) - centre(from)) > 0 : dy * (box.y - from.y) > 0),
  );
  const far = (box: Box): number => 4 * Math.abs(box.y - from.y) + Math.abs(centre(box) - centre(from));
  return ahead.toSorted((a, b) => far(a) - far(b))[0];
}

const Port = ({ box: { id, x, y, width, height } }: { box: Box }) => (
  <g className="port">
    <rect x={x} y={y} width={width} height={height} rx={height / 2} />
    <text x={x + width / 2} y={y + height / 2 + 4}>
      {id}
    </text>
  </g>
);

interface OperatorProps {
  box: Box;
  step: BlockStep;
  evaluation: Evaluation;
  most: number;
  chosen: boolean;
  reached: boolean;
  onChoose(): void;
  onKey(event: KeyboardEvent): void;
}

function Operator({ box, step, evaluation, most, chosen, reached, onChoose, onKey }: OperatorProps) {
  const { id, x, y, width, height } = box;
  const time = timeOf(step, evaluation);
  const share = percent(time, evaluation.total.time);
  const { operator, bound } = evaluation.operators[step.operators[0]];
  const lines = wrapped(step.operator, width);
  const size = Math.min(12, ...lines.map((line) => (width - 8) / (0.58 * line.length)));
  const middle = x + width / 2;
  return (
    <g
      className={`operator ${operator.group}`}
      role="button"
      tabIndex={reached ? 0 : -1}
      aria-pressed={chosen}
      aria-label={`${step.operator} ${share} of the time, waits for ${bound}; reads ${step.reads.join(' and ') || 'nothing'}`}
      data-step={id}
      onClick={onChoose}
      onKeyDown={onKey}
    >
      <rect className="box" x={x + 0.5} y={y + 0.5} width={width - 1} height={height - 1} rx="6" />
      <rect
        className="time"
        x={x + 3}
        y={y + height - 7}
        width={Math.max(0, (width - 6) * (most > 0 ? time / most : 0))}
        height="4"
        rx="1"
      />
      {lines.map((line, i) => (
        <text key={line} x={middle} y={y + (lines.length === 1 ? 17 : 13) + 12 * i} fontSize={size}>
          {line}
        </text>
      ))}
      {/* Between the words of the name and the share, as they are read. */}{' '}
      <text className="share" x={middle} y={y + (lines.length === 1 ? 32 : 36)} fontSize="10">
        {share}
      </text>
    </g>
  );
}

/** A name on two lines at most, cut behind a hyphen or a stroke. */
function wrapped(name: string, width: number): string[] {
  if (name.length * 7 < width - 6) return [name];
  const cuts = [...name.matchAll(/[-/. ]/g)].map(({ index }) => index + 1).filter((at) => at < name.length);
  if (cuts.length === 0) return [name];
  const at = cuts.toSorted((a, b) => Math.abs(a - name.length / 2) - Math.abs(b - name.length / 2))[0];
  return [name.slice(0, at), name.slice(at)];
}
