import { useEffect, useRef } from 'react';
import type { View } from 'vega';
import type { NamedPlot, PlotSpec } from '../../src/present/figure.ts';
import { save } from '../part/save.tsx';
import { useTheme } from '../part/theme.tsx';
import { useWidth } from '../part/use-width.ts';
import { draw, fitted, leastWidth } from './draw.ts';

interface FigureProps {
  plot: NamedPlot;
  heading?: 'h2' | 'h3';
  /** What a mark stands for, when it is clicked. */
  onPick?(datum: Readonly<Record<string, unknown>>): void;
}

/** A figure with its sentence, and ways to take it along. Drawn again when its data, the theme or the width change. */
export function Figure({ plot, heading: Heading = 'h3', onPick }: FigureProps) {
  const { name, title, caption, spec } = plot;
  const theme = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);

  const whole = leastWidth(spec) > width;
  const text = JSON.stringify(spec);
  const drawing = useRef<Promise<View>>(undefined);
  const pick = useRef(onPick);
  useEffect(() => {
    pick.current = onPick;
  });
  useEffect(() => {
    const element = box.current;
    if (element === null || width === 0) return undefined;
    // The newest data of a gesture are drawn, at most once a frame.
    const frame = requestAnimationFrame(() => {
      drawing.current = show(
        element,
        fitted(JSON.parse(text) as PlotSpec, width),
        theme,
        caption,
        drawing.current,
      );
      void drawing.current.then((view) =>
        view.addEventListener('click', (_, item) => {
          const datum: unknown = item?.datum;
          if (typeof datum === 'object' && datum !== null) pick.current?.(datum as Record<string, unknown>);
        }),
      );
    });
    return () => cancelAnimationFrame(frame);
  }, [text, theme, width, caption]);
  useEffect(() => () => void drawing.current?.then((view) => view.finalize()), []);

  return (
    <figure>
      <div className="head">
        <Heading>{title}</Heading>
        <span className="row">
          <button
            type="button"
            className="quiet"
            onClick={() => picture(spec, 'svg', name)}
            aria-label={`SVG of ${title}`}
          >
            SVG
          </button>
          <button
            type="button"
            className="quiet"
            onClick={() => picture(spec, 'png', name)}
            aria-label={`PNG of ${title}`}
          >
            PNG
          </button>
          <button
            type="button"
            className="quiet"
            aria-label={`JSON of ${title}`}
            onClick={() => save(`${name}.vl.json`, JSON.stringify(spec, null, 2), 'application/json')}
          >
            JSON
          </button>
        </span>
      </div>
      <div
        className={whole ? 'drawing whole' : 'drawing'}
        // What is scrolled can be scrolled by keys.
        tabIndex={whole ? 0 : undefined}
        ref={box}
        role="img"
        aria-label={`${title}. ${caption}`}
      />
      <figcaption>{caption}</figcaption>
    </figure>
  );
}

/** Puts a new drawing in the place of the last one, without a moment between them. */
async function show(
  element: HTMLElement,
  spec: PlotSpec,
  theme: 'light' | 'dark',
  caption: string,
  before: Promise<View> | undefined,
): Promise<View> {
  const next = document.createElement('div');
  const view = draw(next, spec, theme, caption);
  await view.runAsync();
  element.replaceChildren(next);
  (await before)?.finalize();
  return view;
}

/** The figure as the command line would write it: light, in the specification's own size. */
async function picture(spec: PlotSpec, ending: 'svg' | 'png', name: string): Promise<void> {
  const view = draw(
    document.createElement('div'),
    { background: 'white', ...spec } as PlotSpec,
    'light',
    name,
  );
  await view.runAsync();
  if (ending === 'svg') save(`${name}.svg`, await view.toSVG(), 'image/svg+xml');
  else {
    const canvas = await view.toCanvas(2);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
    if (blob !== null) save(`${name}.png`, blob, 'image/png');
  }
  view.finalize();
}
