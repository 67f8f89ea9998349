import { useState } from 'react';
import { MugiError } from '../../src/errors.ts';
import { line } from '../../src/shown.ts';
import { question } from '../../src/question/question.ts';
import type { Dropped } from '../state/dropped.ts';
import { ask, useExperiment } from '../state/store.ts';
import { ErrorNote } from './error-note.tsx';
import { OpenFile } from './open-file.tsx';

/** Takes a model or a design from a file. */
export function Drop() {
  const { experiment } = useExperiment();
  const [said, say] = useState<string | MugiError>();
  const designs = question(experiment.asked).designs;

  const take = async (file: File): Promise<void> => {
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
  return (
    <OpenFile
      label="Open or drop a file"
      field="File to open"
      note="config.json, GGUF, SCALE-Sim .csv, design .yaml."
      onFile={(file) => void take(file)}
    >
      <div aria-live="polite">{typeof said === 'string' && <p className="note">{said}</p>}</div>
      {said instanceof MugiError && <ErrorNote error={said} />}
    </OpenFile>
  );
}
