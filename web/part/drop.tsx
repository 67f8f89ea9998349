import { useState } from 'react';
import { MugiError } from '../../src/errors.ts';
import { line } from '../../src/shown.ts';
import { formOf, question } from '../../src/question/question.ts';
import type { Dropped, Sizes } from '../state/dropped.ts';
import { ask, experimentNow } from '../state/store.ts';
import { nameOf } from '../view/compare/design-name.ts';
import { ErrorNote } from './error-note.tsx';
import { OpenFile } from './open-file.tsx';

/** Files that may leave sizes open. */
const OPEN = /\.(onnx|safetensors)$/i;

/** What is said of the files of the last go, and of the one that is being read. */
interface Said {
  go?: symbol;
  said: readonly (string | MugiError)[];
  reading?: string;
}

/** Takes a model or a design from a file. */
export function Drop() {
  const [{ said, reading }, say] = useState<Said>({ said: [] });
  const [last, setLast] = useState<File>();
  const [sizes, setSizes] = useState('');

  const take = async (file: File, go = Symbol()): Promise<void> => {
    const before = (all: Said) => (all.go === go ? all.said : []);
    const sayOf = (text: string | MugiError): void => say((all) => ({ go, said: [...before(all), text] }));
    setLast(file);
    say((all) => ({ go, said: before(all), reading: `Reading ${line(file.name, 100)} …` }));
    try {
      const { readDropped } = await import('../state/dropped.ts');
      const found: Dropped = await readDropped(file, sizesIn(sizes));
      if (found.kind === 'model') {
        ask({ model: found.model, weightBits: undefined, kvBits: undefined });
        sayOf(line(found.said, 200));
      } else {
        const { designs } = question(experimentNow().asked);
        const name = nameOf(found.design);
        const others = designs.filter((other) => nameOf(other) !== name);
        ask({ designs: [...others, found.design] });
        const namesake = designs.find((other) => nameOf(other) === name);
        sayOf(addedText(line(name, 100), namesake, found.design));
      }
    } catch (error) {
      if (!(error instanceof MugiError)) throw error;
      sayOf(error);
    }
  };
  return (
    <OpenFile
      label="Open or drop a file"
      field="File to open"
      note="config.json, GGUF, safetensors, ONNX, SCALE-Sim .csv, design .yaml."
      onFile={take}
    >
      <div aria-live="polite">
        {said.map((one, place) => typeof one === 'string' && <Note key={place}>{one}</Note>)}
        {reading !== undefined && <Note>{reading}</Note>}
      </div>
      {said.map((one, place) => one instanceof MugiError && <ErrorNote key={place} error={one} />)}
      {last !== undefined && OPEN.test(last.name) && (
        <div className="row">
          <input
            aria-label="Sizes that the file leaves open"
            placeholder={/onnx$/i.test(last.name) ? 'batch=1,sequence=128' : 'head_dim=128'}
            maxLength={500}
            value={sizes}
            onChange={({ currentTarget }) => setSizes(currentTarget.value)}
          />
          <button type="button" className="quiet" onClick={() => void take(last)}>
            Read again
          </button>
        </div>
      )}
    </OpenFile>
  );
}

const Note = ({ children }: { children: string }) => <p className="note">{children}</p>;

/** A design takes the place of one of its name: a file that is dropped again, mostly, or another one. */
function addedText(name: string, before: string | object | undefined, design: object): string {
  if (before === undefined) return `Added ${name}.`;
  if (JSON.stringify(before) === JSON.stringify(design)) return `${name} was there already, just the same.`;
  return `Put ${name} in the place of the ${name} that was there. Another name in the file keeps both.`;
}

const sizesIn = (text: string): Sizes =>
  text.trim() === '' ? {} : (formOf('dims').read('sizes', text) as Sizes);
