import { DEFAULT_MODEL, EMBEDDED_MODELS } from '../../model/embedded.ts';
import { FILE, flag, SWITCH, TARGETS, text, whole } from './flag.ts';

/** The real model that a command runs. */
export const modelFlag = (usual: string = DEFAULT_MODEL) =>
  flag(
    '--model',
    text('<model>', { words: () => EMBEDDED_MODELS, paths: 'files' }),
    `embedded model (${EMBEDDED_MODELS.join(', ')}), Hugging Face folder, GGUF file, or .bin of llama2.c`,
    { default: usual },
  );

/** How many threads share a model's products. */
export const THREADS_FLAG = flag(
  '--threads',
  whole(1, 64),
  'threads that share matrix products, same bits (default: MUGI_THREADS, or all cores)',
);

/** What the model reads, and on how many threads. */
export const DATA_FLAGS = [
  THREADS_FLAG,
  flag(
    '--text',
    FILE,
    'UTF-8 text, or JSON lines (.jsonl) or Parquet rows (.parquet) with a text each; its first eighth is kept for calibration (default: the embedded text)',
  ),
  flag('--calibration', FILE, 'separate text to choose windows on'),
  flag(
    '--images',
    text('<path>', { paths: 'files' }),
    'for ViT: folder of LABEL/*.png, or of an IDX pair; for ViViT: LABEL/CLIP.npy or LABEL/CLIP/*.png',
  ),
  flag(
    '--audio',
    text('<path>', { paths: 'files' }),
    'for Whisper: folder of NAME.wav beside NAME.txt, of metadata.jsonl, or of LibriSpeech',
  ),
  flag('--language', text('<code>'), 'language that is spoken (default: en)'),
  flag('--test-from', whole(1, 1e9), 'first test image; those before it calibrate', {
    onlyWith: '--images',
  }),
] as const;

export const BLOCK_FLAG = flag(
  '--block',
  whole(4, 1 << 30),
  'tokens per block (default: the context, at most 1024)',
);

/** How much of the data is scored. */
export const tokensFlag = (usual: number) =>
  flag('--tokens', TARGETS, 'targets to score, spread evenly over the text', { default: usual });

export const FRESH_FLAG = flag('--fresh', SWITCH, 'forget an interrupted run');
