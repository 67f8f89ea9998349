import { useEffect, useRef } from 'react';
import type { Film } from '../../../src/machine/mugi/view/film.ts';
import { useTheme } from '../../part/theme.tsx';
import { useWidth } from '../../part/use-width.ts';
import { cellAt, draw, type Frame, heightOf } from './draw.ts';

interface ArrayProps {
  film: Film;
  from: number;
  shown: number;
  cycle: number;
  row: number;
  /** What the picture says, for those who do not see it. */
  sentence: string;
  onPoint(cell: { cycle: number; row: number }): void;
}

/** The array over time; pointing at a cell chooses it. */
export function ArrayPicture({ film, from, shown, cycle, row, sentence, onPoint }: ArrayProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const theme = useTheme();
  const scale = globalThis.devicePixelRatio;
  const frame: Frame = { film, from, shown, cycle, row, width, scale };
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width === 0) return;
    element.width = Math.round(width * scale);
    element.height = Math.round(heightOf(film.rows) * scale);
    draw(context, frame);
    // The theme changes colours that the canvas looks up.
  }, [film, from, shown, cycle, row, width, scale, theme]);
  const point = ({ nativeEvent }: React.PointerEvent, pressed: boolean): void => {
    if (!pressed) return;
    const cell = cellAt(frame, nativeEvent.offsetX, nativeEvent.offsetY);
    if (cell !== undefined && (cell.cycle !== cycle || cell.row !== row)) onPoint(cell);
  };
  return (
    <div className="array" ref={box}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={sentence}
        style={{ width: '100%', height: heightOf(film.rows) }}
        onPointerDown={(event) => point(event, true)}
        onPointerMove={(event) => point(event, event.pointerType === 'mouse' || event.buttons > 0)}
      />
    </div>
  );
}
