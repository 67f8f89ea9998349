import type { FigureRanges } from '../accuracy/study/sweep.ts';
import type { ModelConfig } from '../model/config/config.ts';

/** A model of the paper's accuracy figures, and how it is shown there. */
export interface PrintedModel {
  /** Its name in assets/paper. */
  name: string;
  /** What is printed: perplexities of text and speech, mean losses of pictures. */
  metric: 'perplexity' | 'loss';
  /** The printed value with exact functions. */
  exact: string;
  ranges: FigureRanges;
}

const around = (from: number): number[] => [0, 1, 2, 3, 4].map((step) => from + step);

/**
 * Ranges of Fig. 6 by model. The anchor of a window is the end that held the better optimum; the figure does not say
 * which, the authors' public results do.
 */
const LLAMA: PrintedModel = {
  name: 'llama-2-7b',
  metric: 'perplexity',
  exact: '5.75',
  ranges: {
    softmax: { anchor: 'max', from: around(0) },
    activation: { anchor: 'max', from: around(0) },
    segmentsFrom: around(-20),
    segmentsTo: around(3),
    centre: around(-7),
  },
};
const VIVIT: PrintedModel = {
  name: 'vivit-b',
  metric: 'loss',
  exact: '1.77',
  ranges: {
    softmax: { anchor: 'max', from: around(0) },
    activation: { anchor: 'min', from: around(-7) },
    segmentsFrom: around(-24),
    segmentsTo: around(3),
    centre: around(-9),
  },
};

const WHISPER_TINY: PrintedModel = {
  name: 'whisper-tiny',
  metric: 'perplexity',
  exact: '22.23',
  ranges: {
    softmax: { anchor: 'min', from: around(-2) },
    activation: { anchor: 'max', from: around(0) },
    segmentsFrom: around(-20),
    segmentsTo: around(3),
    centre: around(-6),
  },
};
const WHISPER_LARGE: PrintedModel = {
  name: 'whisper-large',
  metric: 'perplexity',
  exact: '5.06',
  ranges: {
    softmax: { anchor: 'min', from: around(-2) },
    activation: { anchor: 'max', from: around(-2) },
    segmentsFrom: around(-20),
    segmentsTo: around(7),
    centre: around(-9),
  },
};

const SWIN_TINY: PrintedModel = {
  name: 'swinv2-tiny',
  metric: 'loss',
  exact: '0.91',
  ranges: {
    softmax: { anchor: 'min', from: around(-2) },
    activation: { anchor: 'min', from: around(-8) },
    segmentsFrom: around(-24),
    segmentsTo: around(3),
    centre: around(-9),
  },
};
const SWIN_LARGE: PrintedModel = {
  name: 'swinv2-large',
  metric: 'loss',
  exact: '0.71',
  ranges: {
    softmax: { anchor: 'min', from: around(-2) },
    activation: { anchor: 'min', from: around(-3) },
    segmentsFrom: around(-24),
    segmentsTo: around(7),
    centre: around(-9),
  },
};

/** The paper's model that is nearest to one that is run: of two, that of its width. */
export function printedModel(config: ModelConfig): PrintedModel {
  switch (config.family) {
    case 'vit':
      return VIVIT;
    case 'swinv2':
      return config.hidden < 1200 ? SWIN_TINY : SWIN_LARGE;
    case 'whisper':
      return config.hidden < 800 ? WHISPER_TINY : WHISPER_LARGE;
    default:
      return LLAMA;
  }
}
