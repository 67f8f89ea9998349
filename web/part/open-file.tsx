import { useEffect, useRef, useState } from 'react';
import { MugiError } from '../../src/errors.ts';
import { line } from '../../src/shown.ts';
import { ErrorNote } from './error-note.tsx';

/** Files that are taken in one go. */
const MOST_FILES = 20;

interface OpenFileProps {
  /** Of the button, and of the field behind it. */
  label: string;
  field: string;
  note: React.ReactNode;
  /**
   * Reads the file to its end and tells its mistakes; what it throws is that the file cannot be read. Files that come in one
   * go have the same `go`.
   */
  onFile(file: File, go: symbol): void | Promise<void>;
  children?: React.ReactNode;
}

/** Takes files from anywhere on the page, or from a dialogue. They are read in the page and never sent. */
export function OpenFile({ label, field, note, onFile, children }: OpenFileProps) {
  const [over, setOver] = useState(false);
  const [read, count] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef(onFile);
  latest.current = onFile;
  /** Of the last go. */
  const [faults, fail] = useState<readonly MugiError[]>([]);
  const waiting = useRef(Promise.resolve());
  const readOne = async (file: File, go: symbol): Promise<void> => {
    try {
      // A folder that is dropped shows itself when its first byte is asked for.
      await file.slice(0, 1).arrayBuffer();
      await latest.current(file, go);
    } catch (error) {
      fail((all) => [...all, unread(file.name, error)]);
    }
  };
  /** One after another, in the order in which they came. */
  const take = (files: FileList | null | undefined): void => {
    const all = [...(files ?? [])];
    if (all.length === 0) return;
    waiting.current = waiting.current.then(async () => {
      fail([]);
      const go = Symbol();
      for (const file of all.slice(0, MOST_FILES)) await readOne(file, go);
      if (all.length > MOST_FILES) fail((faults) => [...faults, tooMany(all.length)]);
      count((before) => before + 1);
    });
  };
  useEffect(() => {
    const hover = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(event.type === 'dragover');
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      take(event.dataTransfer?.files);
    };
    window.addEventListener('dragover', hover);
    window.addEventListener('dragleave', hover);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', hover);
      window.removeEventListener('dragleave', hover);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return (
    <div className={over ? 'drop over' : 'drop'} data-read={read}>
      <button type="button" className="quiet" onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={field}
        onChange={({ currentTarget }) => {
          take(currentTarget.files);
          currentTarget.value = '';
        }}
      />
      <p className="note">{note} It stays on this machine.</p>
      {children}
      {faults.map((fault, place) => (
        <ErrorNote key={place} error={fault} />
      ))}
    </div>
  );
}

const unread = (name: string, error: unknown): MugiError =>
  error instanceof MugiError
    ? error
    : new MugiError({
        code: 'invalid-file',
        message: 'the file cannot be read; a folder is none',
        path: line(name, 100),
        received: line(String(error), 300),
      });

const tooMany = (count: number): MugiError =>
  new MugiError({
    code: 'invalid-value',
    message: `the first ${MOST_FILES} files were read`,
    path: 'files',
    expected: `at most ${MOST_FILES} in one go`,
    received: String(count),
  });
