import { useMemo, useState } from 'react';
import { stringify } from 'yaml';
import { customDesign } from '../../../src/design/custom.ts';
import { parseDesignFile } from '../../../src/design/design-file.ts';
import { peakMacs } from '../../../src/design/design.ts';
import { priceDesign } from '../../../src/evaluate/whole-machines.ts';
import { readable } from '../../../src/present/readable.ts';
import { technologyNamed } from '../../../src/technology/index.ts';
import { ErrorNote } from '../../part/error-note.tsx';
import { Save } from '../../part/save.tsx';
import { attempt } from '../../state/compared.ts';

const EXAMPLE = `base: mugi-256
name: my-design
height: 192
sram:
  output: { kib: 128 }
`;
const FILE = 'my-design.yaml';

/** A design file written in the page, checked while it is typed, with line and column of a mistake. */
export default function OwnDesign({ onUse }: { onUse(design: object): void }) {
  const [text, setText] = useState(EXAMPLE);
  const checked = useMemo(
    () =>
      attempt(() => {
        const { value, locate } = parseDesignFile(FILE, text);
        const technology = technologyNamed('published');
        const design = customDesign(value, { technology, locate, fallbackName: 'my-design' });
        const priced = priceDesign(design, technology);
        // The name stands in the file from here on, wherever the design goes.
        return {
          design: { ...(value as object), name: design.name },
          macs: peakMacs(design),
          area: priced.area,
        };
      }),
    [text],
  );
  return (
    <div className="own">
      <textarea
        aria-label="Design in YAML"
        spellCheck={false}
        rows={12}
        maxLength={65_536}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {checked.error ? (
        <ErrorNote error={checked.error} />
      ) : (
        <p className="note" role="status">
          {readable(checked.value.area)} mm², {readable(checked.value.macs)} MAC a cycle at most.
        </p>
      )}
      <div className="row">
        <button
          type="button"
          disabled={checked.value === undefined}
          onClick={() => onUse(checked.value!.design)}
        >
          Compare it
        </button>
        <Save
          name={FILE}
          label="Download YAML"
          type="text/yaml"
          make={() => (checked.value === undefined ? text : stringify(checked.value.design))}
        />
      </div>
    </div>
  );
}
