import { type ComponentType, lazy, Suspense, useEffect, useRef } from 'react';
import { ErrorNote } from './part/error-note.tsx';
import { Guard } from './part/guard.tsx';
import { ThemeSwitch } from './part/theme.tsx';
import { type Experiment, START, toAddress, type ViewName, VIEWS } from '../src/question/address.ts';
import { change, useExperiment } from './state/store.ts';
import { Compare } from './view/compare.tsx';

interface View {
  title: string;
  show: ComponentType;
}

/** The first view is in the first download, others are loaded when they are opened. */
const SHOWN: Readonly<Record<ViewName, View>> = {
  compare: { title: 'Compare', show: Compare },
  repairs: { title: 'Repairs', show: lazy(() => import('./view/repairs.tsx')) },
  explore: { title: 'Explore', show: lazy(() => import('./view/explore.tsx')) },
  operators: { title: 'Operators', show: lazy(() => import('./view/operators.tsx')) },
  node: { title: 'Node', show: lazy(() => import('./view/node.tsx')) },
  functions: { title: 'Functions', show: lazy(() => import('./view/functions.tsx')) },
  accuracy: { title: 'Accuracy', show: lazy(() => import('./view/accuracy.tsx')) },
  paper: { title: 'Paper', show: lazy(() => import('./view/paper.tsx')) },
};

const Why = lazy(() => import('./view/why.tsx'));

export function App() {
  const { experiment, error } = useExperiment();
  const { title, show: View } = SHOWN[experiment.view];
  const words = toAddress({ ...experiment, detail: carried(experiment) }).replace(/^[^?]*/, '');
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${title} · mugi studio`;
    // On a phone the views are a row that scrolls.
    const here = nav.current?.querySelector<HTMLElement>('[aria-current]');
    if (nav.current && here)
      nav.current.scrollLeft = here.offsetLeft - (nav.current.clientWidth - here.offsetWidth) / 2;
  }, [title]);
  return (
    <>
      <a className="skip" href="#content" onClick={skip}>
        Skip to the content
      </a>
      <header className="bar">
        <span className="brand">
          <img src="./icon.svg" alt="" width="22" height="22" />
          mugi <span>studio</span>
        </span>
        <nav aria-label="Views" ref={nav}>
          {VIEWS.map((view) => (
            <a
              key={view}
              href={`#/${view}${words}`}
              aria-current={view === experiment.view ? 'page' : undefined}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                change({ view, detail: carried(experiment) });
              }}
            >
              {SHOWN[view].title}
            </a>
          ))}
        </nav>
        {BESIDE && (
          <a className="docs" href="./docs/index.html">
            Docs
          </a>
        )}
        <ThemeSwitch />
      </header>
      <main id="content" tabIndex={-1}>
        {error ? (
          <div className="page">
            <h1>This address cannot be shown</h1>
            <ErrorNote error={error} />
            <button type="button" onClick={() => change(START)}>
              Start afresh
            </button>
          </div>
        ) : (
          <Guard key={experiment.view} of={experiment}>
            <Suspense fallback={<Loading />}>
              <View />
            </Suspense>
            {experiment.detail.why !== undefined && (
              <Suspense fallback={null}>
                <Why />
              </Suspense>
            )}
          </Guard>
        )}
      </main>
    </>
  );
}

/** The documents lie beside a studio of several files, and beside none of one. */
const BESIDE = location.protocol !== 'file:';

/** What goes with the reader from view to view: losses that were measured. */
const carried = ({ detail: { measured } }: Experiment): Experiment['detail'] =>
  measured === undefined ? {} : { measured };

const Loading = () => (
  <p className="loading" role="status">
    Loading…
  </p>
);

/** The fragment is the experiment, so that the link cannot jump by itself. */
function skip(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
