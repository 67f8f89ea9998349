import { type ReactNode, useState } from 'react';

interface PanelProps {
  /** What the controls are for; their heading on a phone. */
  label: string;
  /** On a phone, where the answer matters more, controls are closed until something in them is wanted. */
  wanted?: boolean;
  children: ReactNode;
}

/** The controls of a view: beside the page where there is room, above it and closed at first where there is not. */
export function Panel({ label, wanted = false, children }: PanelProps) {
  const [open, setOpen] = useState(() => wanted || matchMedia('(min-width: 60rem)').matches);
  const [known, know] = useState(wanted);
  if (wanted !== known) {
    know(wanted);
    if (wanted) setOpen(true);
  }
  return (
    <details className="controls" open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{label}</summary>
      <form aria-label={label} onSubmit={(event) => event.preventDefault()}>
        {children}
      </form>
    </details>
  );
}
