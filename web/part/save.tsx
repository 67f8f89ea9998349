/** Gives a file to the reader: nothing leaves the machine. */
export function save(name: string, content: string | Blob, type: string): void {
  const blob = typeof content === 'string' ? new Blob([content], { type }) : content;
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

interface SaveProps {
  name: string;
  label: string;
  type: string;
  make(): string | Blob | Promise<string | Blob>;
}

export function Save({ name, label, type, make }: SaveProps) {
  return (
    <button type="button" className="quiet" onClick={async () => save(name, await make(), type)}>
      {label}
    </button>
  );
}
