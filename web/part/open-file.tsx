import { useEffect, useRef, useState } from 'react';

interface OpenFileProps {
  /** Of the button, and of the field behind it. */
  label: string;
  field: string;
  note: string;
  /** Reads the file to its end; it is to throw nothing. */
  onFile(file: File): void | Promise<void>;
  children?: React.ReactNode;
}

/** Takes a file from anywhere on the page, or from a dialogue. It is read in the page and never sent. */
export function OpenFile({ label, field, note, onFile, children }: OpenFileProps) {
  const [over, setOver] = useState(false);
  const [read, count] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef(onFile);
  latest.current = onFile;
  const take = async (files: FileList | null | undefined): Promise<void> => {
    const file = files?.[0];
    if (file === undefined) return;
    await latest.current(file);
    count((before) => before + 1);
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
      void take(event.dataTransfer?.files);
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
        hidden
        aria-label={field}
        onChange={({ currentTarget }) => {
          void take(currentTarget.files);
          currentTarget.value = '';
        }}
      />
      <p className="note">{note} It stays on this machine.</p>
      {children}
    </div>
  );
}
