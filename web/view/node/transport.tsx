import { useEffect, useState } from 'react';

const SPEEDS = [1, 2, 4, 8, 16, 32] as const;

interface TransportProps {
  cycle: number;
  cycles: number;
  onGo(cycle: number): void;
}

/** Play, step and scrub. */
export function Transport({ cycle, cycles, onGo }: TransportProps) {
  const [playing, play] = useState(false);
  const [speed, setSpeed] = useState(4);
  const last = cycles - 1;
  useEffect(() => {
    if (!playing) return undefined;
    if (cycle >= last) {
      play(false);
      return undefined;
    }
    const timer = setTimeout(() => onGo(cycle + 1), 1000 / speed);
    return () => clearTimeout(timer);
  }, [playing, cycle, last, speed, onGo]);
  const go = (to: number): void => {
    play(false);
    onGo(Math.max(0, Math.min(last, to)));
  };
  return (
    <div className="transport" role="group" aria-label="Time">
      <span className="row">
        <button type="button" className="quiet" onClick={() => go(cycle - 8)} aria-label="−8 cycles">
          −8
        </button>
        <button type="button" className="quiet" onClick={() => go(cycle - 1)} aria-label="−1 cycle">
          −1
        </button>
        <button
          type="button"
          onClick={() => {
            if (!playing && cycle >= last) onGo(0);
            play(!playing);
          }}
        >
          {playing ? 'Pause' : 'Play'}
        </button>
        <button type="button" className="quiet" onClick={() => go(cycle + 1)} aria-label="+1 cycle">
          +1
        </button>
        <button type="button" className="quiet" onClick={() => go(cycle + 8)} aria-label="+8 cycles">
          +8
        </button>
        <label className="inline">
          <select
            value={speed}
            aria-label="Cycles a second"
            onChange={({ currentTarget }) => setSpeed(Number(currentTarget.value))}
          >
            {SPEEDS.map((one) => (
              <option key={one} value={one}>
                {one} cycles/s
              </option>
            ))}
          </select>
        </label>
      </span>
      <input
        type="range"
        aria-label="Cycle"
        min={0}
        max={last}
        value={cycle}
        onChange={({ currentTarget }) => go(currentTarget.valueAsNumber)}
      />
    </div>
  );
}
