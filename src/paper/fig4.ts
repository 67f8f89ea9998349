import {
  profileModel,
  profilePlot,
  profileRows,
  profileSummary,
  type StoredProfile,
} from '../accuracy/windows/profile.ts';
import { progress } from '../present/progress.ts';
import type { PaperItem } from './item.ts';
import { figureModel } from './model-item.ts';

export const item: PaperItem = {
  name: 'fig4',
  title: 'Distributions of the inputs of softmax and activations',
  async run(options) {
    const { opened, model, test, state } = await figureModel(options, false, () => ({ test: 1 }));
    const bar = progress('fig4', test.length);
    const distributions = await profileModel(
      model,
      test,
      (done, _total, kept) => bar.update(done, undefined, undefined, kept),
      state<StoredProfile>('fig4'),
    );
    bar.stop();
    return {
      rows: profileRows(opened.name, distributions),
      summary: profileSummary(opened.name, distributions),
      plots: [{ name: 'fig4', spec: profilePlot(opened.name, distributions) }],
      notes: [
        'Exponents are IEEE ones, one less than those of C’s frexp, which the paper’s Fig. 4 shows: its [−3, 4] is [−4, 3] here.',
        'Softmax inputs are counted after subtraction of the row maximum and without masked entries: what the LUT sees. The authors’ profiling counts raw scores at a few positions.',
        `Measured on ${opened.name}; the paper shows Llama 2, Whisper, SwinV2 and ViViT, whose weights are not part of this package: --model FOLDER runs their checkpoints.`,
      ],
    };
  },
};
