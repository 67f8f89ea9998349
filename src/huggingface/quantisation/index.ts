import { nearest } from '../../errors.ts';
import type { Config } from '../config.ts';
import { gguf } from './gguf.ts';
import { aqlm, bitnet, bitsandbytes, exl, fp8, gptq, hqq, mlx, mxfp4 } from './methods.ts';
import { compressedTensors, modelOpt } from './config-groups.ts';
import { quark } from './quark.ts';
import { type Quantisation, quantisation, type Rules } from './rules.ts';
import { torchao, worded } from './worded.ts';

export type { Quantisation, StoredFormat } from './rules.ts';

/** Readers by `quant_method`. */
const METHODS: Readonly<Record<string, (config: Config) => Rules>> = {
  gptq,
  gptqmodel: gptq,
  awq: gptq,
  'auto-round': gptq,
  intel: gptq,
  inc: gptq,
  'auto-gptq': gptq,
  marlin: gptq,
  gptq_marlin: gptq,
  awq_marlin: gptq,
  moe_wna16: gptq,
  bitsandbytes,
  fp8,
  fbgemm_fp8: fp8,
  finegrained_fp8: fp8,
  'compressed-tensors': compressedTensors,
  compressed_tensors: compressedTensors,
  modelopt: modelOpt,
  modelopt_fp4: modelOpt,
  mxfp4,
  bitnet,
  gguf,
  hqq,
  exl2: exl,
  exl3: exl,
  aqlm,
  quark,
  torchao,
  eetq: worded,
  quanto: worded,
  w8a8_int8: worded,
  w8a8_fp8: worded,
};

/** Keys of GPTQ and AWQ in files from before `quant_method`. */
const GPTQ_ONLY = [
  'desc_act',
  'damp_percent',
  'true_sequential',
  'sym',
  'w_bit',
  'q_group_size',
  'zero_point',
];

/**
 * How a file's weights and cache are stored; undefined for a file that says nothing of it.
 * @param chain the configuration and the wrappers around it, outermost first
 * @param beside `hf_quant_config.json` of ModelOpt from the same folder, which goes before
 * @throws MugiError for an unknown method, and for a method without the keys that it needs
 */
export function quantisationOf(chain: readonly Config[], beside?: Config): Quantisation | undefined {
  const inner = beside?.object('quantization');
  if (inner !== undefined) return quantisation(modelOpt(inner), inner.at('exclude_modules'));
  for (const config of chain) {
    const own = config.object('quantization');
    const found = config.object('quantization_config') ?? config.object('compression_config');
    // MLX writes its settings under both keys, and names no method.
    if (own !== undefined && found?.has('quant_method') !== true)
      return quantisation(mlx(own), own.at('bits'));
    if (found !== undefined) return quantisation(rulesOf(found), found.at('ignore'));
  }
  return undefined;
}

function rulesOf(config: Config): Rules {
  const method = config.text('quant_method')?.toLowerCase();
  // ModelOpt's files may call themselves by the kernel that runs them; the algorithm says more.
  if (config.has('quant_algo')) return modelOpt(config);
  if (method === undefined) {
    if (config.has('config_groups')) return compressedTensors(config);
    if (config.has('load_in_4bit') || config.has('load_in_8bit')) return bitsandbytes(config);
    if (GPTQ_ONLY.some((key) => config.has(key))) return gptq(config);
    if (config.has('bits')) return mlx(config);
    throw config.missing(['quant_method']);
  }
  if (Object.hasOwn(METHODS, method)) return METHODS[method](config);
  const names = Object.keys(METHODS);
  throw config.invalid('quant_method', `one of ${names.join(', ')}`, method, nearest(method, names));
}
