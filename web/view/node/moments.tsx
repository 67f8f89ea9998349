import { activeIn, type Film, kindOf } from '../../../src/machine/mugi/view/film.ts';
import { momentsAt } from '../../../src/machine/mugi/view/moment.ts';
import { told } from './words.ts';

interface MomentsProps {
  film: Film;
  cycle: number;
  row: number;
  onGo(cycle: number): void;
}

/** What the chosen row does in the chosen cycle, with the way to its causes. */
export function Moments({ film, cycle, row, onGo }: MomentsProps) {
  const moments = momentsAt(film, cycle, row);
  const active = activeIn(cycle);
  const kind = active < 0 ? '' : kindOf(film.words[active] ?? 0);
  return (
    <section className="moments" aria-label="What happens here" aria-live="polite">
      <h2>
        Row {row}, cycle {cycle}
      </h2>
      <p className="note">
        {kind === '' ? 'No frame is active' : `Frame ${active} is active (${kind})`}, and the counter stands
        at {cycle % 8}.
      </p>
      {moments.length === 0 && (
        <p>Nothing is taken in this cell. A coloured cell is a spike in a column; a frame marks a result.</p>
      )}
      {moments.map((moment) => {
        const { title, text } = told(moment);
        return (
          <div key={`${moment.kind} ${moment.column}`} className="moment" data-kind={moment.kind}>
            <h3>{title}</h3>
            <p>{text}</p>
            <p className="row">
              {moment.kind === 'pick' ? (
                <>
                  <Jump to={moment.loaded} onGo={onGo} label="where the row was loaded" />
                  {moment.column > 0 && (
                    <Jump to={moment.spiked} onGo={onGo} label="where the spike begins" />
                  )}
                  <Jump to={moment.read} onGo={onGo} label="where the slot is read" />
                </>
              ) : (
                <Jump to={moment.picked} onGo={onGo} label="where the slot took it" />
              )}
            </p>
          </div>
        );
      })}
    </section>
  );
}

const Jump = ({ to, label, onGo }: { to: number; label: string; onGo(cycle: number): void }) => (
  <button type="button" className="quiet" onClick={() => onGo(to)}>
    Cycle {to}: {label}
  </button>
);
