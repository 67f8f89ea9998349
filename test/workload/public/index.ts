import type { Card, PublicModel } from './card.ts';
import { DEEPSEEK } from './deepseek.ts';
import { ENCODERS } from './encoders.ts';
import { GEMMA } from './gemma.ts';
import { GLM } from './glm.ts';
import { GPT } from './gpt.ts';
import { GRANITE } from './granite.ts';
import { LLAMA } from './llama.ts';
import { MINIMAX } from './minimax.ts';
import { MISTRAL } from './mistral.ts';
import { MIXTURES } from './mixtures.ts';
import { NEMOTRON } from './nemotron.ts';
import { OLMO } from './olmo.ts';
import { PHI } from './phi.ts';
import { QWEN } from './qwen.ts';
import { STATE_SPACE } from './state-space.ts';
import { VISION_SPEECH } from './vision-speech.ts';

/** All public models of these tests, by name; a file holds one lineage. */
export const PUBLIC: Record<string, PublicModel> = {
  ...LLAMA,
  ...MISTRAL,
  ...QWEN,
  ...GEMMA,
  ...PHI,
  ...GPT,
  ...OLMO,
  ...GRANITE,
  ...NEMOTRON,
  ...DEEPSEEK,
  ...GLM,
  ...MINIMAX,
  ...MIXTURES,
  ...STATE_SPACE,
  ...ENCODERS,
  ...VISION_SPEECH,
};

/** Types that a file stands for: its own and that of the language model inside, without the suffix of a part. */
export function languageTypes(config: Record<string, unknown>): string[] {
  const inner = config.text_config as { model_type?: string } | undefined;
  const types = [config.model_type as string, ...(inner?.model_type === undefined ? [] : [inner.model_type])];
  return types.flatMap((type) => [type, type.replace(/_text$/, '')]);
}

const cardOf = (name: string): Card => {
  const { config: _, ...card } = PUBLIC[name];
  return card;
};

/** Cards of the built-in models of today, in millions; multi-modal ones without their other parts. */
export const CARDS_TODAY: Readonly<Record<string, Card>> = {
  'llama-3.1-8b': { parameters: 8030 },
  'llama-3.1-70b': { ...cardOf('Llama-3.1-70B'), kvBytes: 327_680 },
  // Zhao et al. 2025, Insights into DeepSeek-V3, Table 1: 516.096 KB.
  'llama-3.1-405b': { parameters: 405_854, kvBytes: 516_096 },
  'llama-3.2-1b': cardOf('Llama-3.2-1B'),
  'llama-3.2-3b': { parameters: 3213 },
  'qwen3-0.6b': cardOf('Qwen3-0.6B'),
  'qwen3-1.7b': { parameters: 1721 },
  'qwen3-4b': { parameters: 4022 },
  'qwen3-8b': { parameters: 8191 },
  'qwen3-14b': { parameters: 14_768 },
  'qwen3-32b': { parameters: 32_762 },
  'qwen3-30b-a3b': cardOf('Qwen3-30B-A3B'),
  'qwen3-235b-a22b': { parameters: 235_094, active: 22_190 },
  'gemma-3-1b': { parameters: 1000 },
  'gemma-3-4b': { parameters: 3880 },
  'gemma-3-12b': { parameters: 11_766 },
  'gemma-3-27b': { parameters: 27_009 },
  'mistral-small-24b': { parameters: 23_572 },
  'phi-4': { parameters: 14_660 },
  'phi-4-mini': { parameters: 3836 },
  'gpt-oss-20b': { parameters: 20_910, active: 4190 },
  'gpt-oss-120b': { parameters: 116_830, active: 5710 },
  'deepseek-v3': cardOf('DeepSeek-V3'),
};
