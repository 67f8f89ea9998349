import { prepareData } from '../../src/accuracy/data/data.ts';
import { choose } from '../../src/accuracy/data/split.ts';
import { lossIncreases } from '../../src/accuracy/score/loss-increase.ts';
import { profileModel } from '../../src/accuracy/windows/profile.ts';
import { MugiError } from '../../src/errors.ts';
import { MODEL_FILES } from '../../src/model/embedded.ts';
import { openModel } from '../../src/model/load.ts';
import { ASSETS, hold } from './held.ts';
import type { Asked, Told } from './messages.ts';

/** Runs an embedded model with the code of the command line, on files that lie beside the page. */
self.addEventListener('message', ({ data }: MessageEvent<Asked>) => void answer(data));

const tell = (told: Told): void => postMessage(told, { transfer: [] });

async function answer(asked: Asked): Promise<void> {
  try {
    await load(asked);
    const { model, tokens } = asked;
    if (asked.kind === 'losses') {
      const { designs, head } = asked;
      const telling =
        (stage: 'calibration' | 'measurement') =>
        (done: number, total: number): void =>
          tell({ kind: 'progress', stage, done, total });
      const [onCalibration, onProgress] = [telling('calibration'), telling('measurement')];
      const measurement = await lossIncreases({
        model,
        designs,
        tokens,
        ...(head === undefined ? {} : { head }),
        onCalibration,
        onProgress,
      });
      tell({ kind: 'losses', measurement });
    } else {
      const opened = await openModel(model);
      const blocks = choose(prepareData(opened, { calibrates: false }).test, tokens);
      const distributions = await profileModel(opened.load(), blocks, (done, total) =>
        tell({ kind: 'progress', stage: 'profile', done, total }),
      );
      tell({ kind: 'profile', distributions });
    }
  } catch (error) {
    tell({
      kind: 'failed',
      details: error instanceof MugiError ? error.details : { code: 'internal', message: String(error) },
    });
  }
}

/** Fetches what the run reads. */
async function load({ model, base, kind }: Asked): Promise<void> {
  const paths = [
    'kernel/plain.wasm',
    'kernel/relaxed.wasm',
    'text/validation.json',
    ...(kind === 'losses' ? ['text/calibration.json'] : []),
    ...MODEL_FILES.map((file) => `models/${model}/${file}`),
  ];
  for (const [done, path] of paths.entries()) {
    tell({ kind: 'progress', stage: 'loading', done, total: paths.length });
    const bytes = await fetched(new URL(`data/${path}`, base), path);
    hold(ASSETS + path, bytes);
  }
}

async function fetched(address: URL, path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(address);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
  } catch {
    // As when there is no such file.
  }
  throw new MugiError({
    code: 'missing-file',
    message: 'the model does not lie beside this page, so that it cannot run here',
    path: `data/${path}`,
    expected: 'a page that mugi studio serves, or a measurement from a file',
  });
}
