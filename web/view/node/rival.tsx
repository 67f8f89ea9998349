import { useEffect, useMemo, useRef } from 'react';
import { LEAVES, LOADS, WORKS } from '../../../src/machine/array/observe.ts';
import { readable } from '../../../src/present/readable.ts';
import { unknownName } from '../../../src/errors.ts';
import { arrayOf, simulateArray } from '../../../src/simulate/array.ts';
import { Choice } from '../../part/choice.tsx';
import { Command } from '../../part/copy.tsx';
import { ErrorNote } from '../../part/error-note.tsx';
import { Num } from '../../part/number.tsx';
import { useTheme } from '../../part/theme.tsx';
import { useWidth } from '../../part/use-width.ts';
import { attempt } from '../../state/compared.ts';
import { detail } from '../../state/store.ts';
import { commandOf, type Shown } from './asked.ts';
import { RIVALS } from './rivals.ts';

interface RivalProps {
  shown: Shown;
  name: string;
  /** Where the reader is in the node's run, and how long that is. */
  cycle: number;
  cycles: number;
}

/** The same GEMM on the array of a compared design, cycle by cycle beside the node. */
export function Rival({ shown, name, cycle, cycles }: RivalProps) {
  const { asked, values } = shown;
  const run = useMemo(
    () =>
      attempt(() => {
        const array = (RIVALS as readonly string[]).includes(name) ? arrayOf(name) : undefined;
        if (array === undefined) throw unknownName('array with a cycle model', name, RIVALS, 'rival');
        const seen: Uint8Array[] = [];
        const own = { ...asked, design: name, preset: 'corrected' as const };
        const outcome = simulateArray(array, own, (at, lanes) => {
          seen[at] = lanes.slice();
        });
        return { outcome, seen, command: commandOf({ asked: own, values }) };
      }),
    [asked, values, name],
  );
  return (
    <section aria-label="Another array">
      <h2>The same GEMM on another array</h2>
      <Choice label="Array" names={RIVALS} value={name} onChoose={(rival) => detail({ rival })} />
      {run.error && <ErrorNote error={run.error} />}
      {run.value !== undefined && (
        <>
          <Lanes
            seen={run.value.seen}
            cycle={cycle}
            whole={Math.max(cycles, run.value.outcome.cycles, run.value.seen.length)}
          />
          <ul className="legend" aria-label="What lanes of results do">
            {KINDS.map(({ colour, label }) => (
              <li key={label}>
                <span className={`swatch ${colour}`} aria-hidden="true" />
                {label}
              </li>
            ))}
          </ul>
          <p data-rival={name}>
            {name} is done after{' '}
            <Num
              value={run.value.outcome.cycles}
              metric="cycles"
              label="cycles"
              design={name}
              from="run"
              text={String(run.value.outcome.cycles)}
            />{' '}
            cycles, the node after {cycles}; its cells are busy for{' '}
            <Num
              value={run.value.outcome.utilization}
              metric="utilization"
              label="use of the array"
              design={name}
              from="run"
              text={`${readable(100 * run.value.outcome.utilization)} %`}
            />{' '}
            of them.{' '}
            {run.value.outcome.equal
              ? 'Equal to its arithmetic in every bit.'
              : 'NOT equal to its arithmetic.'}
          </p>
          <Command name="Command of the array" command={run.value.command} />
        </>
      )}
    </section>
  );
}

const KINDS = [
  { bits: LOADS, colour: 'loads', label: 'a weight enters' },
  { bits: WORKS, colour: 'works', label: 'products' },
  { bits: LEAVES, colour: 'leaves', label: 'a sum leaves' },
] as const;

const LEFT = 58;
const tall = (lanes: number): number => Math.max(2, Math.min(16, Math.floor(260 / lanes)));

interface LanesProps {
  seen: readonly Uint8Array[];
  cycle: number;
  /** Cycles of the longer run: both begin together. */
  whole: number;
}

/** Lanes of results over the whole run, with the reader's cycle across them. */
function Lanes({ seen, cycle, whole }: LanesProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const theme = useTheme();
  const scale = globalThis.devicePixelRatio;
  const lanes = seen.find((one) => one !== undefined)?.length ?? 0;
  const height = lanes * tall(lanes) + 20;
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width === 0) return;
    element.width = Math.round(width * scale);
    element.height = Math.round(height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const style = getComputedStyle(element);
    const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim() || '#888';
    const step = (width - LEFT - 2) / whole;
    const rise = tall(lanes);
    for (const { bits, colour: name } of KINDS) {
      context.fillStyle = colour(name);
      for (const [at, one] of seen.entries())
        for (let lane = 0; lane < (one?.length ?? 0); lane++)
          if ((one[lane] & bits) !== 0)
            context.fillRect(LEFT + at * step, 18 + lane * rise, Math.max(1, step - 0.5), rise - 0.5);
    }
    context.fillStyle = colour('soft');
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    for (let lane = 0; lane < lanes; lane += Math.max(1, Math.ceil(12 / rise)))
      context.fillText(`lane ${lane}`, LEFT - 8, 18 + (lane + 0.5) * rise);
    context.textAlign = 'left';
    context.fillText('0', LEFT, 8);
    context.textAlign = 'right';
    context.fillText(String(whole - 1), width - 2, 8);
    context.fillStyle = colour('ink');
    context.fillRect(LEFT + (cycle + 0.5) * step, 0, 1.5, height);
    // The theme changes colours that the canvas looks up.
  }, [seen, cycle, whole, width, height, lanes, scale, theme]);
  const now = seen[cycle];
  const of = (bits: number): number => [...(now ?? [])].filter((one) => (one & bits) !== 0).length;
  return (
    <div className="array" ref={box}>
      <canvas
        ref={canvas}
        role="img"
        style={{ width: '100%', height }}
        aria-label={`${lanes} lanes of results over ${seen.length} cycles. In cycle ${cycle} ${of(LOADS)} take a weight, ${of(WORKS)} form products, ${of(LEAVES)} give a sum.`}
      />
    </div>
  );
}
