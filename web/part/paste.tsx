import { useState } from 'react';
import { MugiError } from '../../src/errors.ts';
import { change, useExperiment } from '../state/store.ts';
import { ErrorNote } from './error-note.tsx';

/** Takes a command back: the page then shows what it asks. */
export function Paste() {
  const { experiment } = useExperiment();
  const [text, setText] = useState('');
  const [error, setError] = useState<MugiError>();
  const show = async (): Promise<void> => {
    const { experimentOf } = await import('../state/pasted.ts');
    try {
      const shown = experimentOf(text);
      // The switches of Repairs are part of a question.
      const stays =
        experiment.view === 'repairs' && shown.view === 'compare' && shown.detail.why === undefined;
      change(stays ? { ...shown, view: 'repairs' } : shown);
      setError(undefined);
    } catch (fault) {
      if (!(fault instanceof MugiError)) throw fault;
      setError(fault);
    }
  };
  return (
    <form
      aria-label="Command to show"
      className="paste"
      onSubmit={(event) => {
        event.preventDefault();
        void show();
      }}
    >
      <div className="row">
        <input
          aria-label="Command"
          placeholder="npx mugi compare --model llama-3.1-8b --batch 16"
          spellCheck={false}
          maxLength={100_000}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <button type="submit">Show it</button>
      </div>
      {error && <ErrorNote error={error} />}
    </form>
  );
}
