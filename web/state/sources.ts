import { customDesign } from '../../src/design/custom.ts';
import type { PricedDesign } from '../../src/evaluate/price.ts';
import { priceDesign } from '../../src/evaluate/whole-machines.ts';
import { designUnder } from '../../src/published/preset.ts';
import { pricedDesign, type Sources } from '../../src/question/point.ts';
import type { Question } from '../../src/question/question.ts';
import { sourceText } from '../../src/question/text.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import type { ModelShape } from '../../src/workload/model.ts';
import { modelNamed } from '../../src/workload/models.ts';
import { writtenShape } from '../../src/workload/written-shape.ts';

/** Remembers the last answers of a function of texts: a slider asks the same a hundred times a second. */
function remembered<T>(make: (text: string) => T, key: string, kept: Map<string, T>): (text: string) => T {
  return (text) => {
    const full = key + text;
    const known = kept.get(full);
    if (known !== undefined) return known;
    const made = make(text);
    if (kept.size > 100) kept.clear();
    kept.set(full, made);
    return made;
  };
}

const models = new Map<string, ModelShape>();
const designs = new Map<string, PricedDesign>();

/** As the question reads an object: a model as it is, or what a config.json says. */
const modelOf = (object: object): ModelShape =>
  'stacks' in object ? writtenShape(object) : modelFromConfig(object, 'model', 'model');

/** Names and objects of a question, each read once. Objects stand as their JSON, as on the command line. */
export const SOURCES: Sources = {
  model: remembered(
    (text) => (text.startsWith('{') ? modelOf(JSON.parse(text) as object) : modelNamed(text)),
    '',
    models,
  ),
  design(text, preset, technology) {
    if (!text.startsWith('{')) return pricedDesign(text, preset, technology);
    return remembered(
      (json) => {
        const change = (clean: Parameters<typeof designUnder>[0]) => designUnder(clean, preset, technology);
        return priceDesign(customDesign(JSON.parse(json), { technology, change }), technology);
      },
      `${preset.name}|${technology.name}|`,
      designs,
    )(text);
  },
};

/** A question with its objects as texts, for `SOURCES`. */
export const inTexts = (asked: Question): Question => ({
  ...asked,
  model: sourceText(asked.model),
  designs: asked.designs.map(sourceText),
  ...(asked.baseline === undefined ? {} : { baseline: sourceText(asked.baseline) }),
});
