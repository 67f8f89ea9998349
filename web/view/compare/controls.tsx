import { MODELS } from '../../../src/workload/models.ts';
import { PRESETS } from '../../../src/published/preset.ts';
import { question } from '../../../src/question/question.ts';
import { TECHNOLOGIES } from '../../../src/technology/index.ts';
import { Drop } from '../../part/drop.tsx';
import { Panel } from '../../part/panel.tsx';
import { powers, Slider } from '../../part/slider.tsx';
import { attempt, type Compared } from '../../state/compared.ts';
import { START } from '../../../src/question/address.ts';
import { ask, change, useExperiment } from '../../state/store.ts';
import { Designs } from './designs.tsx';
import { modelTitle } from './model-title.ts';

const BATCHES = powers(0, 10);
const CONTEXTS = powers(6, 20);
const BITS = Array.from({ length: 16 }, (_, i) => i + 1);
/** From one channel of DDR4 to eight stacks of HBM3E, in equal factors. */
const BANDWIDTHS = [
  16, 25, 32, 51, 64, 100, 128, 200, 256, 400, 512, 800, 1024, 1600, 2048, 3350, 4096, 8192,
];
/** From hydropower to coal, gCO₂e a kWh. */
const INTENSITIES = Array.from({ length: 50 }, (_, i) => 20 * (i + 1));

/** The same at every step of a slider: React looks at none of them again. */
const MODEL_OPTIONS = MODELS.map(({ name, title }) => (
  <option key={name} value={name}>
    {title}
  </option>
));
const PRESET_OPTIONS = Object.keys(PRESETS).map((name) => <option key={name}>{name}</option>);
const TECHNOLOGY_OPTIONS = TECHNOLOGIES.map(({ name, title }) => (
  <option key={name} value={name} title={title}>
    {name}
  </option>
));

/** The question: model, designs, how the model is used, and what surrounds the chip. */
export function Controls({ shown }: { shown: Compared | undefined }) {
  const { experiment } = useExperiment();
  const asked = attempt(() => question(experiment.asked)).value ?? shown?.asked;
  if (asked === undefined) return null;
  const evaluation = shown?.result.evaluations[0];
  const { weightBits = evaluation?.workload.operators.find(isWeights)?.weightBits ?? 4 } = asked;
  const { kvBits = evaluation?.workload.operators.find(isCache)?.weightBits ?? 4 } = asked;
  return (
    <Panel label="Question">
      <fieldset>
        <legend>Model</legend>
        <select
          aria-label="Model"
          value={typeof asked.model === 'string' ? asked.model : ''}
          onChange={({ currentTarget }) =>
            ask({ model: currentTarget.value, weightBits: undefined, kvBits: undefined })
          }
        >
          {typeof asked.model !== 'string' && <option value="">{modelTitle(asked.model)}</option>}
          {MODEL_OPTIONS}
        </select>
        <Drop />
      </fieldset>
      <Designs designs={asked.designs} baseline={asked.baseline} />
      <fieldset>
        <legend>Use</legend>
        <Slider
          label="Batch"
          value={asked.batch}
          stops={BATCHES}
          min={1}
          max={2 ** 20}
          onChange={(batch, of) => ask({ batch }, of)}
        />
        <Slider
          label="Context"
          unit="tokens"
          value={asked.context}
          stops={CONTEXTS}
          min={1}
          max={2 ** 24}
          onChange={(context, of) =>
            ask({ context, ...(asked.prefill > context ? { prefill: context } : {}) }, of)
          }
        />
        <Slider
          label="Prompt"
          unit="tokens"
          value={asked.prefill}
          stops={[...powers(0, 24).filter((n) => n < asked.context), asked.context]}
          min={1}
          max={asked.context}
          onChange={(prefill, of) => ask({ prefill }, of)}
        />
        <Slider
          label="Weights"
          unit="bits"
          value={weightBits}
          stops={BITS}
          min={1}
          max={16}
          onChange={(bits, of) => ask({ weightBits: bits }, of)}
        />
        <Slider
          label="Keys and values"
          unit="bits"
          value={kvBits}
          stops={BITS}
          min={1}
          max={16}
          onChange={(bits, of) => ask({ kvBits: bits }, of)}
        />
      </fieldset>
      <fieldset>
        <legend>Surroundings</legend>
        <Slider
          label="Bandwidth"
          unit="GB/s"
          value={asked.dramBandwidth}
          stops={BANDWIDTHS}
          min={0.1}
          max={1e6}
          whole={false}
          onChange={(dramBandwidth, of) => ask({ dramBandwidth }, of)}
        />
        <Slider
          label="Carbon intensity"
          unit="g/kWh"
          value={asked.carbonIntensity}
          stops={INTENSITIES}
          min={0.1}
          max={1e5}
          whole={false}
          onChange={(carbonIntensity, of) => ask({ carbonIntensity }, of)}
        />
        <label className="choice">
          Model of the hardware
          <select
            value={asked.preset}
            onChange={({ currentTarget }) => ask({ preset: currentTarget.value, baseline: undefined })}
          >
            {PRESET_OPTIONS}
          </select>
        </label>
        <label className="choice">
          Costs
          <select
            value={asked.technology}
            onChange={({ currentTarget }) => ask({ technology: currentTarget.value })}
          >
            {TECHNOLOGY_OPTIONS}
          </select>
        </label>
      </fieldset>
      <div className="row">
        <button type="button" className="quiet" onClick={() => history.back()}>
          Undo
        </button>
        <button
          type="button"
          className="quiet"
          onClick={() => change({ asked: START.asked, pinned: undefined })}
        >
          Reset
        </button>
      </div>
    </Panel>
  );
}

type Operators = Compared['result']['evaluations'][number]['workload']['operators'];
type Gemm = Extract<Operators[number], { kind: 'gemm' }>;
const isWeights = (one: Operators[number]): one is Gemm => one.kind === 'gemm' && one.operand === 'weights';
const isCache = (one: Operators[number]): one is Gemm => one.kind === 'gemm' && one.operand !== 'weights';
