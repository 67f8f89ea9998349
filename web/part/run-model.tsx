import type { Running } from '../measure/use-worker.ts';

const DOING: Readonly<Record<Running['stage'], string>> = {
  loading: 'Loading the model',
  calibration: 'Choosing windows',
  measurement: 'Measuring',
  profile: 'Counting inputs',
};

interface RunModelProps {
  label: string;
  running: Running | undefined;
  onStart(): void;
  onStop(): void;
}

/** Starts a run of a real model in the page, tells how far it is, and stops it. */
export function RunModel({ label, running, onStart, onStop }: RunModelProps) {
  return (
    <div className="run" aria-live="polite">
      {running === undefined ? (
        <button type="button" onClick={onStart}>
          {label}
        </button>
      ) : (
        <>
          <label>
            {DOING[running.stage]}
            <progress max={running.total} value={running.done} />
          </label>
          <button type="button" className="quiet" onClick={onStop}>
            Stop
          </button>
        </>
      )}
    </div>
  );
}
