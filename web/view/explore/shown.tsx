import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { METRICS } from '../../../src/evaluate/metrics.ts';
import type { Constraint } from '../../../src/explore/constraint.ts';
import { axisTitle } from '../../../src/explore/sweep-plot.ts';
import type { Cloud } from '../../explore/use-cloud.ts';
import { Choice } from '../../part/choice.tsx';
import { Command } from '../../part/copy.tsx';
import { useWidth } from '../../part/use-width.ts';
import { detail } from '../../state/store.ts';
import { Breakdown } from './breakdown.tsx';
import { CloudPicture, colourOf, type Rectangle } from './cloud.tsx';
import { Front } from './front.tsx';
import { litBy, thinned } from './lines.ts';
import { Parallel } from './parallel.tsx';
import { Point } from './point.tsx';
import { commandOf } from './space-text.ts';

interface ShownProps {
  cloud: Cloud;
  limits: readonly Constraint[];
  words: Readonly<Record<string, string>>;
  /** The space as it is written; undefined for the points of a file. */
  text: string | undefined;
}

/** A space as far as it is known. */
export function Shown({ cloud, limits, words, text }: ShownProps) {
  const { space, columns, done, counts, front } = cloud;
  const { plan } = space;
  const names = [...columns.keys()];
  const [first, second] = plan.objectives.map(({ metric }) => metric);
  const named = (word: string | undefined, otherwise: string): string =>
    word !== undefined && names.includes(word) ? word : otherwise;
  const x = named(words.x, first);
  const y = named(words.y, plan.objectives.at(-1)?.metric ?? second ?? 'area_mm2');
  const [brushing, brush] = useState(false);
  const [rectangle, setRectangle] = useState<{ axes: { x: string; y: string } } & Rectangle>();
  const [kept, keep] = useState<Readonly<Record<string, readonly [number, number]>>>({});
  const chosenWord = Number(words.point);
  const chosen =
    words.point !== undefined && Number.isInteger(chosenWord) && chosenWord >= 0 && chosenWord < space.size
      ? chosenWord
      : undefined;
  const lit = useMemo(() => litBy(cloud, kept, rectangle), [cloud.space, cloud.version, kept, rectangle]);
  const brushed = rectangle !== undefined || Object.keys(kept).length > 0;
  const lines = useMemo(
    () => ({ of: space, points: linesOf(cloud, lit, brushed) }),
    [space, cloud.version, front, lit, brushed],
  );
  const late = useDeferredValue(lines);
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const setLimits = (next: readonly Constraint[], of?: string): void =>
    detail({ limits: next.length === 0 ? undefined : next.map(({ text }) => text).join(',') }, of);
  const limitOn = (metric: string, limit: number): Constraint => {
    const relation = metricOf(metric)?.better === 'higher' ? '>=' : '<=';
    return { metric, relation, limit, text: `${metric}${relation}${limit}` };
  };
  const setLimit = (metric: string, limit: number): void =>
    setLimits([...limits.filter((one) => one.metric !== metric), limitOn(metric, limit)], `limit ${metric}`);
  const command = useMemo(
    () => (text === undefined ? undefined : commandOf(text, plan, limits)),
    [text, plan, limits],
  );
  const complete = done === space.size;
  const status = complete
    ? counts === undefined
      ? 'Looking for the front…'
      : `${counts.evaluated.toLocaleString('en')} designs evaluated${counts.excluded + counts.unbuildable > 0 ? `, ${(counts.excluded + counts.unbuildable).toLocaleString('en')} left out or not buildable` : ''}; ${counts.inside.toLocaleString('en')} keep every bound, and the front of them has ${front?.length ?? 0}: exact, since every point was evaluated.`
    : `${done.toLocaleString('en')} of ${space.size.toLocaleString('en')} designs…`;
  return (
    <>
      <p role="status" className="note" data-done={complete && counts !== undefined}>
        {status}
      </p>
      <div className="row choices">
        <Choice
          label="Across"
          names={names}
          title={axisTitle}
          value={x}
          onChoose={(name) => detail({ x: name })}
        />
        <Choice
          label="Up"
          names={names}
          title={axisTitle}
          value={y}
          onChoose={(name) => detail({ y: name })}
        />
        <button type="button" className="quiet" aria-pressed={brushing} onClick={() => brush(!brushing)}>
          {brushing ? 'Brushing: drag over points' : 'Brush points'}
        </button>
        {brushed && (
          <button
            type="button"
            className="quiet"
            onClick={() => {
              setRectangle(undefined);
              keep({});
            }}
          >
            Forget brushes
          </button>
        )}
      </div>
      <div ref={box} className="measure" />
      <CloudPicture
        cloud={cloud}
        axes={{ x, y }}
        titles={{ x: axisTitle(x), y: axisTitle(y) }}
        limits={limits}
        lit={lit}
        chosen={chosen}
        brushing={brushing}
        sentence={`${axisTitle(x)} and ${axisTitle(y)} of ${space.size.toLocaleString('en')} designs, of which ${front?.length ?? 0} are on the front; the table below lists them.`}
        onChoose={(point) => detail({ point: String(point) })}
        onBrush={(next) => setRectangle(next === undefined ? undefined : { axes: { x, y }, ...next })}
        onLimit={setLimit}
      />
      <ul className="legend" aria-label="Designs">
        {space.blocks.map(({ start }, i) => (
          <li key={`${i} ${start.name}`}>
            <span className="swatch" style={{ background: colourOf(i) }} aria-hidden="true" />
            {start.name}
          </li>
        ))}
      </ul>
      <div className="row">
        {[...new Set([x, y])].map((metric) => {
          const own = limits.find((one) => one.metric === metric);
          return own === undefined ? (
            <button
              key={metric}
              type="button"
              className="quiet"
              onClick={() => setLimit(metric, Number(middleOf(columns.get(metric)!).toPrecision(3)))}
            >
              Limit {metricOf(metric)?.label ?? metric}
            </button>
          ) : (
            <button
              key={metric}
              type="button"
              className="quiet"
              onClick={() => setLimits(limits.filter((one) => one !== own))}
            >
              Remove {own.text}
            </button>
          );
        })}
      </div>
      {chosen !== undefined && <Point space={space} point={chosen} />}
      <section aria-label="What points are made of">
        <h2>What they are made of</h2>
        <p className="note">
          A line a design, {brushed ? 'of those that the brushes keep' : 'of the front'}; drag along an axis
          to keep the designs between.
          {brushed && (
            <span role="status"> {countOf(cloud, lit).toLocaleString('en')} designs are kept.</span>
          )}
        </p>
        <div className="scroll" tabIndex={0} role="region" aria-label="Parallel coordinates">
          {width > 0 && (
            <Parallel
              cloud={cloud}
              // Points that are drawn late may be those of the space before.
              points={late.of === space ? late.points : []}
              chosen={chosen}
              kept={kept}
              width={Math.max(width, 720)}
              onKeep={(axis, part) => {
                const { [axis]: _, ...rest } = kept;
                keep(part === undefined ? rest : { ...rest, [axis]: part });
              }}
            />
          )}
        </div>
      </section>
      {complete && chosen === undefined && late.of === space && (
        <Breakdown space={space} points={late.points} />
      )}
      <Front space={space} front={front} chosen={chosen} />
      {command !== undefined && (
        <section aria-label="Repeat it">
          <h2>Repeat it</h2>
          <p className="note">
            {plan.search === undefined
              ? 'Prints the same front.'
              : 'Searches with the budget of the space; here every point is evaluated.'}
          </p>
          <Command name="Command of the space" command={command} />
        </section>
      )}
    </>
  );
}

/** Lines that are drawn at once. */
const MOST_LINES = 400;

/** Designs that shine and were evaluated. */
function countOf({ columns }: Cloud, lit: Uint8Array): number {
  const [column] = columns.values();
  return lit.reduce((sum, one, i) => sum + (one === 1 && !Number.isNaN(column[i]) ? 1 : 0), 0);
}

const metricOf = (name: string) => METRICS.find((one) => one.name === name);

function linesOf({ space, columns, front }: Cloud, lit: Uint8Array, brushed: boolean): number[] {
  if (!brushed) return thinned(front ?? [], MOST_LINES);
  const [column] = columns.values();
  const all: number[] = [];
  for (let i = 0; i < space.size; i++) if (lit[i] === 1 && !Number.isNaN(column[i])) all.push(i);
  return thinned(all, MOST_LINES);
}

const middleOf = (column: Float32Array): number => {
  const known = column.filter((value) => value > 0).sort();
  return known.length === 0 ? 1 : known[known.length >> 1];
};
