import { useEffect, useState } from 'react';
import { MugiError } from '../../src/errors.ts';
import { PURE_ITEMS } from '../../src/paper/pure.ts';
import { shownCell, shownColumns } from '../../src/paper/shown.ts';
import { type Row, toCsv } from '../../src/present/csv.ts';
import { Figure } from '../figure/figure.tsx';
import type { Asked, Opens, Told } from '../paper/item.ts';
import { Command } from '../part/copy.tsx';
import { ErrorNote } from '../part/error-note.tsx';
import { Num } from '../part/number.tsx';
import { Save } from '../part/save.tsx';
import { detail, useExperiment } from '../state/store.ts';

/** Rows of a table that the page lists; the CSV has all. */
const MOST_ROWS = 300;

/** Figures and tables of the paper: as printed, as its model gives them, and corrected. */
export default function Paper() {
  const { experiment } = useExperiment();
  const { item = 'headlines' } = experiment.detail;
  const known = PURE_ITEMS.some(({ name }) => name === item);
  const told = usePaper(known ? item : undefined);
  return (
    <div className="page">
      <h1>The paper</h1>
      <p className="lead">
        Tables and figures of the paper, computed here: as the paper prints them, as its published model gives
        them, and with every repair. Figures 4, 6, 7 and 8 read files or run a real model:{' '}
        <code>npx mugi paper fig6</code>.
      </p>
      <label className="choice item">
        Item
        <select
          value={known ? item : ''}
          onChange={({ currentTarget }) => detail({ item: currentTarget.value })}
        >
          {!known && <option value="">choose one</option>}
          {PURE_ITEMS.map(({ name, title }) => (
            <option key={name} value={name}>
              {name}: {title}
            </option>
          ))}
        </select>
      </label>
      {!known && (
        <ErrorNote
          error={
            new MugiError({
              code: 'unknown-name',
              message: 'there is no such item on this page',
              path: 'item',
              expected: PURE_ITEMS.map(({ name }) => name).join(', '),
              received: item,
            })
          }
        />
      )}
      {known && told === undefined && (
        <p className="loading" role="status">
          Computing…
        </p>
      )}
      {told !== undefined && 'failed' in told && <p role="alert">{told.failed}</p>}
      {told !== undefined && 'result' in told && <Item {...told} />}
    </div>
  );
}

/** An item, computed in a worker; the last answer stays until the next one is there. */
function usePaper(name: string | undefined): Told | undefined {
  const [told, tell] = useState<Told>();
  useEffect(() => {
    if (name === undefined) return undefined;
    const worker = new Worker(new URL('../worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Told>) => tell(data));
    worker.postMessage({ kind: 'paper', name } satisfies Asked, []);
    return () => worker.terminate();
  }, [name]);
  return told?.name === name ? told : undefined;
}

function Item({ name, title, result, explained }: Extract<Told, { title: string }>) {
  const { rows, summary, plots, notes } = result;
  return (
    <>
      <div className={plots.length === 1 ? 'beside tables' : undefined}>
        <section aria-label="Figures">
          <div className="figures">
            {plots.map((plot) => (
              <Figure
                key={plot.name}
                heading="h2"
                plot={{ ...plot, title: plots.length > 1 ? `${title}: ${plot.name}` : title, caption: title }}
              />
            ))}
          </div>
        </section>
        <section aria-label="Numbers">
          <div className="head">
            <h2>{plots.length === 0 ? title : 'Numbers'}</h2>
            <Save name={`${name}.csv`} label="CSV of all rows" type="text/csv" make={() => toCsv(rows)} />
          </div>
          <Table
            rows={summary ?? rows}
            whole={rows.length}
            opens={summary === undefined ? explained : undefined}
          />
        </section>
      </div>
      <section aria-label="Notes">
        <h2>To know</h2>
        <ul className="notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </section>
      <section aria-label="Repeat it">
        <h2>Repeat it</h2>
        <Command command={`npx mugi paper ${name} --json`} />
      </section>
    </>
  );
}

interface TableProps {
  rows: readonly Row[];
  whole: number;
  opens: Opens | undefined;
}

function Table({ rows, whole, opens }: TableProps) {
  const shown = rows.slice(0, MOST_ROWS);
  const columns = shownColumns(rows);
  return (
    <>
      <div className="scroll tall" tabIndex={0} role="region" aria-label="Table of numbers">
        <table className="names">
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  scope="col"
                  key={column}
                  className={typeof rows[0]?.[column] === 'string' ? 'text' : undefined}
                >
                  {column.replaceAll('_', ' ')}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, i) => (
              // Rows have no key of their own; their order never changes.
              <tr key={i}>
                {columns.map((column, c) => {
                  const value = row[column];
                  const text = shownCell(row, column);
                  if (c === 0)
                    return (
                      <th scope="row" key={column}>
                        {text}
                      </th>
                    );
                  return (
                    <td key={column} className={typeof value === 'string' ? 'text' : undefined}>
                      {typeof value !== 'number' ? (
                        text
                      ) : opens?.columns.includes(column) === true ? (
                        <Num
                          value={value}
                          metric={column}
                          label={column.replaceAll('_', ' ')}
                          design={cellsOf(row, opens.by)}
                          words={opens.by.map((key) => String(row[key])).join(', ')}
                          from="paper"
                          text={text}
                        />
                      ) : (
                        <data value={value}>{text}</data>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(shown.length < rows.length || rows.length < whole) && (
        <p className="note">
          {shown.length} rows of {whole}; the CSV has all.
        </p>
      )}
    </>
  );
}

/** The cells that name a row, as the address has them. */
const cellsOf = (row: Row, by: readonly string[]): string =>
  new URLSearchParams(by.map((key) => [key, String(row[key])])).toString();
