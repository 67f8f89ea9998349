import { useEffect, useMemo, useState } from 'react';
import { designDetails } from '../../../src/compare/design-facts.ts';
import type { VerilogFile } from '../../../src/hardware/verilog/verilog.ts';
import { readable } from '../../../src/present/readable.ts';
import { preset } from '../../../src/published/preset.ts';
import { pricedDesign } from '../../../src/question/point.ts';
import { technologyNamed } from '../../../src/technology/index.ts';
import { Choice } from '../../part/choice.tsx';
import { Save } from '../../part/save.tsx';
import { detail } from '../../state/store.ts';

interface UnitsProps {
  design: string;
  rows: number;
  /** Module whose Verilog is open. */
  unit: string;
}

/** The node's modules as Verilog, and what the parts of the design cost. */
export function Units({ design, rows, unit }: UnitsProps) {
  const files = useVerilog(rows);
  const names =
    files?.map(({ name }) => name.replace(/\.v$/, '')).filter((name) => !name.includes('.')) ?? [];
  const chosen = names.includes(unit) ? unit : 'processing_element';
  const file = files?.find(({ name }) => name === `${chosen}.v`);
  return (
    <section aria-label="Units">
      <div className="head">
        <h2>Units</h2>
        {file !== undefined && (
          <Save name={file.name} label="Save the Verilog" type="text/plain" make={() => file.text} />
        )}
      </div>
      {file === undefined ? (
        <p className="loading" role="status">
          Building the hardware…
        </p>
      ) : (
        <>
          <Choice label="Module" names={names} value={chosen} onChoose={(next) => detail({ unit: next })} />
          <pre className="source" tabIndex={0} role="region" aria-label={`Verilog of ${chosen}`}>
            {file.text}
          </pre>
        </>
      )}
      <Prices design={design} />
    </section>
  );
}

/** Modules of a node, children first; built when the section is shown. */
function useVerilog(rows: number): readonly VerilogFile[] | undefined {
  const [built, setBuilt] = useState<{ rows: number; files: readonly VerilogFile[] }>();
  useEffect(() => {
    let stale = false;
    void (async () => {
      const [{ verilog }, { nodeModule }] = await Promise.all([
        import('../../../src/hardware/verilog/verilog.ts'),
        import('../../../src/machine/mugi/node-module.ts'),
      ]);
      const files = verilog(nodeModule(rows));
      if (!stale) setBuilt({ rows, files });
    })();
    return () => {
      stale = true;
    };
  }, [rows]);
  return built?.rows === rows ? built.files : undefined;
}

function Prices({ design }: { design: string }) {
  const { components } = useMemo(
    () => designDetails(pricedDesign(design, preset('corrected'), technologyNamed('published'))),
    [design],
  );
  return (
    <details>
      <summary>What the parts of {design} cost in the model</summary>
      <div className="scroll tall" tabIndex={0} role="region" aria-label="Costs of parts">
        <table>
          <thead>
            <tr>
              <th scope="col">part</th>
              <th scope="col">count</th>
              <th scope="col">energy of one, pJ</th>
              <th scope="col">area of all, µm²</th>
              <th scope="col" className="words">
                source
              </th>
            </tr>
          </thead>
          <tbody>
            {components.map(({ component, count, energy_pJ, area_mm2, source }) => (
              <tr key={component}>
                <th scope="row">{component}</th>
                <td>{count}</td>
                <td>{readable(energy_pJ)}</td>
                <td>{readable(count * area_mm2 * 1e6)}</td>
                <td className="words">{source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
