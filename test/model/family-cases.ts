import { LLAMA_CASES } from './family/llama.ts';
import { QWEN_CASES } from './family/qwen.ts';
import { GEMMA_CASES } from './family/gemma.ts';
import { PHI_CASES } from './family/phi.ts';
import { OLMO_CASES } from './family/olmo.ts';
import { GPT_NEOX_CASES } from './family/gpt-neox.ts';
import { GPT_OSS_CASES } from './family/gpt-oss.ts';
import { COHERE_CASES } from './family/cohere.ts';
import { GLM_CASES } from './family/glm.ts';
import type { Case } from './family/case.ts';

/** Every decoder that is run, by its lineage. */
export const CASES: readonly Case[] = [
  ...LLAMA_CASES,
  ...QWEN_CASES,
  ...GEMMA_CASES,
  ...PHI_CASES,
  ...OLMO_CASES,
  ...GPT_NEOX_CASES,
  ...GPT_OSS_CASES,
  ...COHERE_CASES,
  ...GLM_CASES,
];
