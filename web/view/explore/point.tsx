import { useMemo } from 'react';
import { stringify } from 'yaml';
import { comparison } from '../../../src/compare/comparison.ts';
import { evaluatedPoint } from '../../../src/explore/front-points.ts';
import type { Space } from '../../../src/explore/space/space.ts';
import { designName, METRICS } from '../../../src/evaluate/metrics.ts';
import { readable } from '../../../src/present/readable.ts';
import { answer } from '../../../src/question/point.ts';
import { Command } from '../../part/copy.tsx';
import { Num } from '../../part/number.tsx';
import { ErrorNote } from '../../part/error-note.tsx';
import { Save } from '../../part/save.tsx';
import { attempt } from '../../state/compared.ts';
import { change } from '../../state/store.ts';
import { addressOf, askedOf, firstOf } from './point-address.ts';
import { Stacks } from '../compare/stacks.tsx';

/** Metrics of a point that are shown. */
const SHOWN: readonly string[] = [
  'energy_per_token_with_dram_J',
  'energy_per_token_J',
  'tokens_per_s',
  'area_mm2',
  'power_W',
  'embodied_gCO2e',
];

/** A point in full: its parameters, its numbers by the road of `mugi evaluate`, and ways to take it along. */
export function Point({ space, point }: { space: Space; point: number }) {
  const found = useMemo(
    () =>
      attempt(() => {
        const whole = evaluatedPoint(space, point);
        const full = askedOf(space, point);
        const [evaluation] = answer(full);
        return { whole, full, breakdown: comparison([evaluation], designName(evaluation)) };
      }),
    [space, point],
  );
  if (found.error) return <ErrorNote error={found.error} />;
  const { whole, full, breakdown } = found.value;
  const { parameters, metrics, commands, design } = whole;
  const address = (): string => addressOf(full);
  return (
    <section aria-label="Chosen point" className="point">
      <div className="head">
        <h2>Point {point}</h2>
        <span className="row">
          <button type="button" onClick={() => change({ view: 'compare', asked: full, detail: {} })}>
            Compare it
          </button>
          {typeof design !== 'string' && (
            <Save
              name={`${(design as { name?: string }).name ?? 'design'}.yaml`}
              label="Save as YAML"
              type="text/yaml"
              make={() => stringify(design)}
            />
          )}
        </span>
      </div>
      <dl className="facts">
        {Object.entries(parameters).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{String(value)}</dd>
          </div>
        ))}
        {METRICS.filter(({ name }) => SHOWN.includes(name)).map(({ name, label, unit }) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd>
              {whole.models === undefined ? (
                <Num
                  value={metrics[name as 'tokens']}
                  metric={name}
                  label={label}
                  design={address}
                  words={`point ${point}`}
                  from="point"
                  of={name}
                />
              ) : (
                // A mean over several models is of no one question.
                <data value={metrics[name as 'tokens']} data-of={name}>
                  {readable(metrics[name as 'tokens'])}
                </data>
              )}{' '}
              {unit}
            </dd>
          </div>
        ))}
      </dl>
      <Stacks result={breakdown} point={address} model={firstOf(space)} />
      {commands.map((command, i) => (
        <Command
          key={command}
          name={`Command of the point${commands.length > 1 ? `, model ${i + 1}` : ''}`}
          command={`npx ${command} --json`}
        />
      ))}
    </section>
  );
}
