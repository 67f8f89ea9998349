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

/** Takes a model or a design from a file. */
export function Drop() {
  const [said, say] = useState<string | MugiError>();
  const [last, setLast] = useState<File>();
  const [sizes, setSizes] = useState('');

  const take = async (file: File): Promise<void> => {
    setLast(file);
    say(`Reading ${line(file.name, 100)} …`);
    try {
      const { readDropped } = await import('../state/dropped.ts');
      const found: Dropped = await readDropped(file, sizesIn(sizes));
      if (found.kind === 'model') ask({ model: found.model, weightBits: undefined, kvBits: undefined });
      else {
        const { designs } = question(experimentNow().asked);
        ask({ designs: [...others(designs, found.design), found.design] });
      }
      say(line(found.said, 200));
    } catch (error) {
      if (!(error instanceof MugiError)) throw error;
      say(error);
    }
  };
  return (
    <OpenFile
      label="Open or drop a file"
      field="File to open"
      note="config.json, GGUF, safetensors, ONNX, SCALE-Sim .csv, design .yaml."
      onFile={take}
    >
      <div aria-live="polite">{typeof said === 'string' && <p className="note">{said}</p>}</div>
      {said instanceof MugiError && <ErrorNote error={said} />}
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

/** Designs of other names: a file that is dropped again takes the place of what it was. */
const others = (designs: readonly (string | object)[], design: object): (string | object)[] =>
  designs.filter((other) => nameOf(other) !== nameOf(design));

const sizesIn = (text: string): Sizes =>
  text.trim() === '' ? {} : (formOf('dims').read('sizes', text) as Sizes);
