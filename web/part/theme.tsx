import { useSyncExternalStore } from 'react';

type Theme = 'light' | 'dark';

const KEY = 'mugi-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

/** The reader's choice, else the system's. */
function theme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return dark.matches ? 'dark' : 'light';
}

const stored = read();
if (stored !== undefined) document.documentElement.dataset.theme = stored;
dark.addEventListener('change', () => listeners.forEach((listener) => listener()));

/** Browsers may refuse storage; the theme is then chosen anew on each visit. */
function read(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

function choose(next: Theme): void {
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // As above.
  }
  for (const listener of listeners) listener();
}

export const useTheme = (): Theme =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, theme);

export function ThemeSwitch() {
  const now = useTheme();
  const next = now === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      className="quiet theme"
      onClick={() => choose(next)}
      aria-label={`Use the ${next} theme`}
    >
      {now === 'dark' ? '☀' : '☾'}
    </button>
  );
}
