import { IDLE_FUNCTION } from '../configuration.ts';
import { runGemm } from '../program/gemm.ts';
import { runNonlinear } from '../program/nonlinear.ts';
import { gemmStimulus, siluStimulus, softmaxStimulus } from '../program/stimuli.ts';
import { vectorRecorder } from './testbench.ts';

/** Vectors for the node's testbench: a GEMM, a softmax and a SiLU of seed 1, each from reset. */
export function nodeVectors(rows: number): bigint[] {
  const gemm = vectorRecorder({ ...IDLE_FUNCTION, rows, accumulation: 'bf16' });
  runGemm(gemmStimulus(rows), gemm.observe);
  const functions = [softmaxStimulus(rows), siluStimulus(rows)].map((job) => {
    const { window, outside } = job.function;
    const { observe, vectors } = vectorRecorder({ rows, window, outside, accumulation: 'bf16' });
    runNonlinear(job, observe);
    return vectors;
  });
  return [gemm.vectors, ...functions].flat();
}
