import { useCallback, useEffect, useRef } from 'react';

/** Takes a file of points from anywhere on the page, or from a dialogue. It is read in the page and never sent. */
export function OpenPoints({ onOpen }: { onOpen(file: { name: string; bytes: ArrayBuffer }): void }) {
  const input = useRef<HTMLInputElement>(null);
  const take = useCallback(
    async (file: File | undefined): Promise<void> => {
      if (file !== undefined) onOpen({ name: file.name, bytes: await file.arrayBuffer() });
    },
    [onOpen],
  );
  useEffect(() => {
    const hover = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      void take(event.dataTransfer?.files[0]);
    };
    window.addEventListener('dragover', hover);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', hover);
      window.removeEventListener('drop', drop);
    };
  }, [take]);
  return (
    <div className="drop">
      <button type="button" className="quiet" onClick={() => input.current?.click()}>
        Open or drop a Parquet file
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="File of points"
        onChange={({ currentTarget }) => {
          void take(currentTarget.files?.[0]);
          currentTarget.value = '';
        }}
      />
      <p className="note">Points that mugi explore --parquet wrote. It stays on this machine.</p>
    </div>
  );
}
