import { Config, isRecord } from '../huggingface/config.ts';
import { noObject } from '../huggingface/heads.ts';
import { type LanguageModel, languageModel } from '../huggingface/language-model.ts';
import { fromMetaParams, isMetaParams } from '../huggingface/meta-params.ts';
import { quantisationOf } from '../huggingface/quantisation/index.ts';
import { deepseek } from './hf/deepseek.ts';
import { swin, swinV2, vit, vivit, whisper } from './hf/encoders.ts';
import * as expert from './hf/expert-families.ts';
import { falcon, gpt2, gptNeo, gptNeox, opt, phi } from './hf/gpt.ts';
import { bloom, chatglm, gptBigcode, gptj, mpt, nemotron, starcoder2 } from './hf/gpt-relatives.ts';
import { withHead } from './hf/head.ts';
import * as llama from './hf/llama.ts';
import * as kin from './hf/llama-relatives.ts';
import * as moe from './hf/moe.ts';
import * as relatives from './hf/moe-relatives.ts';
import { nemotronNas } from './hf/nemotron-nas.ts';
import * as recurrent from './hf/recurrent.ts';
import * as stateSpace from './hf/state-space.ts';
import { commonBits, formatted, storedNotes, UNSTATED } from './hf/formats.ts';
import { REFUSED } from './hf/refused.ts';
import { bert, distilbert, modernBert, roberta } from './hf/text-encoders.ts';
import type { GraphStack, ModelShape } from './model.ts';

type Stack = Exclude<ModelShape['stacks'][number], GraphStack>;

/** Readers by `model_type`. Adding a family is one function and one line. */
const FAMILIES: Readonly<Record<string, (model: LanguageModel) => Stack | Stack[]>> = {
  llama: llama.llama,
  llama_bidirec: llama.llama,
  internlm: llama.llama,
  xverse: llama.llama,
  helium: llama.llama,
  arcee: kin.arcee,
  bitnet: kin.bitnet,
  llama4_text: relatives.llama4,
  mistral: llama.mistral,
  ministral: llama.mistral,
  ministral3: llama.mistral,
  mixtral: moe.mixtral,
  qwen2: llama.qwen2,
  minicpmv: llama.qwen2,
  minicpmo: llama.qwen2,
  qwen3: llama.qwen3,
  qwen2_moe: moe.qwen2Moe,
  qwen3_moe: moe.qwen3Moe,
  qwen3_next: recurrent.qwen3Next,
  qwen3_5: recurrent.qwen35,
  qwen3_5_moe: recurrent.qwen3Next,
  gemma: llama.gemma,
  gemma2: llama.gemma2,
  gemma3_text: llama.gemma3,
  gemma4_text: relatives.gemma4,
  phi,
  phi3: llama.phi3,
  phimoe: moe.phimoe,
  gpt2,
  gptj,
  codegen: gptj,
  gpt_bigcode: gptBigcode,
  gpt_neo: gptNeo,
  gpt_neox: gptNeox,
  gpt_oss: moe.gptOss,
  opt,
  bloom,
  mpt,
  falcon,
  starcoder2,
  deepseek_v2: kin.deepseek2,
  deepseek_v3: deepseek,
  deepseek_v32: deepseek,
  glm_moe_dsa: deepseek,
  glm: llama.llama,
  glm4: llama.glm4,
  glm4v_text: llama.glm4,
  glm4_moe: relatives.glm4Moe,
  glm4v_moe_text: relatives.glm4Moe,
  glm4_moe_lite: deepseek,
  bailing_moe: expert.bailing,
  bailing_moe_v2: expert.bailing,
  hunyuan_v1_moe: expert.hunyuan,
  dots1: relatives.glm4Moe,
  chatglm,
  kimi_linear: recurrent.kimiLinear,
  minimax: relatives.minimax,
  minimax_m1: relatives.minimax,
  minimax_text_01: relatives.minimax,
  minimax_m2: relatives.minimaxM2,
  minimax_m3: relatives.minimaxM3,
  mimo_v2_flash: relatives.mimoV2,
  step3p5: relatives.step3,
  step3p7: relatives.step3,
  dbrx: relatives.dbrx,
  olmo: llama.olmo,
  olmo2: llama.olmo2,
  olmo3: llama.olmo3,
  olmoe: moe.olmoe,
  granite: llama.granite,
  granitemoe: moe.graniteMoe,
  granitemoeshared: moe.graniteMoe,
  granitemoehybrid: recurrent.graniteHybrid,
  nemotron,
  nemotron_h: recurrent.nemotronH,
  'nemotron-nas': nemotronNas,
  cohere: llama.cohere,
  cohere2: llama.cohere,
  stablelm: llama.stablelm,
  smollm3: kin.smollm3,
  hunyuan_v1_dense: kin.hunyuanDense,
  exaone: kin.exaone,
  exaone4: kin.exaone4,
  qwen: kin.qwen1,
  deepseek: kin.deepseekMoe,
  minicpm3: deepseek,
  ernie4_5: llama.llama,
  ernie4_5_moe: kin.ernieMoe,
  mamba: stateSpace.mamba,
  falcon_mamba: stateSpace.mamba,
  mamba2: stateSpace.mamba2Model,
  jamba: stateSpace.jamba,
  bamba: stateSpace.bamba,
  falcon_h1: stateSpace.falconH1,
  bert,
  roberta,
  'xlm-roberta': roberta,
  camembert: roberta,
  distilbert,
  electra: bert,
  modernbert: modernBert,
  vit,
  vivit,
  swin,
  swinv2: swinV2,
  whisper,
};

/** Values of `model_type` that are read. */
export const MODEL_TYPES = Object.keys(FAMILIES);

/** Stacks of a model whose type is `known`, as its reader makes them; throws for one that is refused for a reason. */
export function stacksOf(model: LanguageModel): Stack[] {
  const { config, type } = model;
  if (Object.hasOwn(REFUSED, type)) throw config.refuse(`${REFUSED[type]} ("${type}")`, 'model_type');
  const made = [FAMILIES[type](model)].flat();
  // A decoder by itself may end in labels or in nothing; one behind an encoder (Whisper) writes text.
  return made.map((stack) =>
    stack.kind === 'decoder' && made.length === 1 ? withHead(stack, model) : stack,
  );
}

/** Whether a type is read, or refused for a reason. */
export const known = (type: string): boolean => Object.hasOwn(FAMILIES, type) || Object.hasOwn(REFUSED, type);

/**
 * Shapes of a model from its parsed Hugging Face config.json, or from Meta's params.json; `path` names the file in errors, `name` the model.
 * A multi-modal wrapper gives its language model. Throws MugiError for files that are something else, for missing,
 * misspelt or impossible keys, and for what cannot be modelled faithfully.
 * @param beside the quantisation config of the same folder, where there is one
 */
export function modelFromConfig(json: unknown, path: string, name: string, beside?: Companion): ModelShape {
  if (!isRecord(json)) throw noObject(json, path);
  const meta = isMetaParams(json);
  const outer = new Config(meta ? fromMetaParams(json, path) : json, path);
  if (meta) outer.notes.push('params.json has no longest context: that of its generation is taken');
  const found = languageModel(outer, known, MODEL_TYPES);
  const { config, type } = found;
  const shaped = stacksOf(found);
  const companion = beside === undefined ? undefined : companionOf(beside);
  const stored = quantisationOf([...found.chain].reverse(), companion);
  outer.refuseMisspelt();
  const notes = [...new Set(outer.allNotes())];
  if (config !== outer) {
    const kind = outer.text('model_type') ?? 'a wrapper';
    notes.push(`the language model of "${kind}"; its other parts are left out`);
  }
  const stacks = shaped.map((stack) => formatted(stack, stored, type));
  const weightBits = stored === undefined ? undefined : commonBits(stacks);
  notes.push(...(stored === undefined ? [UNSTATED] : storedNotes(stacks, stored)));
  return {
    name,
    title: `${name} (${type})`,
    source: path,
    stacks,
    ...(weightBits === undefined ? {} : { weightBits }),
    ...(stored?.kvBits === undefined ? {} : { kvBits: stored.kvBits }),
    notes,
  };
}

/** ModelOpt's `hf_quant_config.json`, which lies beside a config.json that knows nothing of it. */
export interface Companion {
  json: unknown;
  path: string;
}

function companionOf({ json, path }: Companion): Config {
  if (isRecord(json)) return new Config(json, path);
  throw noObject(json, path);
}
