import { camera, type Film } from '../machine/mugi/view/film.ts';
import type { Simulation } from './asked.ts';
import { rowsOf } from './node.ts';
import { type Outcome, simulate } from './run.ts';

/** A run with every cycle of it. @throws MugiError also where it is too long to be shown, before it begins */
export function filmed(asked: Simulation): { outcome: Outcome; film: Film } {
  const { observe, film } = camera(rowsOf(asked.design));
  const outcome = simulate({ ...asked, filmed: true }, observe);
  return { outcome, film: film(outcome.cycles) };
}
