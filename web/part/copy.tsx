import { useEffect, useState } from 'react';
import { Paste } from './paste.tsx';

/** A command with a button that copies it, and a field for another one. */
export function Command({ command, name = 'Command' }: { command: string; name?: string }) {
  const [pasting, paste] = useState(false);
  return (
    <>
      <div className="command">
        <code tabIndex={0} role="region" aria-label={name}>
          {command}
        </code>
        <Copy text={command} label="Copy as command" />
        <button type="button" className="quiet" aria-expanded={pasting} onClick={() => paste(!pasting)}>
          Paste another
        </button>
      </div>
      {pasting && <Paste />}
    </>
  );
}

/** A button that copies a text, and says so. */
function Copy({ text, label }: { text: string; label: string }) {
  const [said, say] = useState<string>();
  useEffect(() => {
    if (said === undefined) return undefined;
    const timer = setTimeout(() => say(undefined), 2000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      say('Copied');
    } catch {
      say('The browser refused; select the text and copy it');
    }
  };
  return (
    <button type="button" onClick={copy}>
      <span aria-live="polite">{said ?? label}</span>
    </button>
  );
}
