import { useEffect, useRef, useState } from 'react';
import { MugiError } from '../../src/errors.ts';
import { line } from '../../src/shown.ts';
import { question } from '../../src/question/question.ts';
import type { Dropped } from '../state/dropped.ts';
import { ask, useExperiment } from '../state/store.ts';
import { ErrorNote } from './error-note.tsx';

/** Takes a file from anywhere on the page, or from a dialogue. It is read in the page and never sent. */
export function Drop() {
  const { experiment } = useExperiment();
  const [said, say] = useState<string | MugiError>();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const designs = question(experiment.asked).designs;

  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    say(`Reading ${line(file.name, 100)} …`);
    try {
      const { readDropped } = await import('../state/dropped.ts');
      const read: Dropped = await readDropped(file);
      if (read.kind === 'model') ask({ model: read.model, weightBits: undefined, kvBits: undefined });
      else ask({ designs: [...designs, read.design] });
      say(line(read.said, 200));
    } catch (error) {
      say(
        error instanceof MugiError
          ? error
          : new MugiError({
              code: 'invalid-file',
              message: 'the file cannot be read',
              received: String(error),
            }),
      );
    }
  };
  const latest = useRef(take);
  latest.current = take;

  useEffect(() => {
    const hover = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(event.type === 'dragover');
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      void latest.current(event.dataTransfer?.files[0]);
    };
    window.addEventListener('dragover', hover);
    window.addEventListener('dragleave', hover);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', hover);
      window.removeEventListener('dragleave', hover);
      window.removeEventListener('drop', drop);
    };
  }, []);

  return (
    <div className={over ? 'drop over' : 'drop'}>
      <button type="button" className="quiet" onClick={() => input.current?.click()}>
        Open or drop a file
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="File to open"
        onChange={({ currentTarget }) => {
          void take(currentTarget.files?.[0]);
          currentTarget.value = '';
        }}
      />
      <p className="note">config.json, GGUF, SCALE-Sim .csv, design .yaml. It stays on this machine.</p>
      <div aria-live="polite">{typeof said === 'string' && <p className="note">{said}</p>}</div>
      {said instanceof MugiError && <ErrorNote error={said} />}
    </div>
  );
}
