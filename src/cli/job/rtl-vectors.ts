import { IDLE_FUNCTION } from '../../machine/mugi/configuration.ts';
import { runGemm } from '../../machine/mugi/program/gemm.ts';
import { runNonlinear } from '../../machine/mugi/program/nonlinear.ts';
import { vectorRecorder } from '../../machine/mugi/proof/testbench.ts';
import { gemmStimulus, siluStimulus, softmaxStimulus } from './synth-switching.ts';

/** Vectors for the testbench of `mugi rtl`: a GEMM, a softmax and a SiLU of seed 1, each from reset. */
export function rtlVectors(rows: number): bigint[] {
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
