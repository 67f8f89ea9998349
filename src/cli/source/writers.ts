import { arithmeticFor, FULL_PRECISION, type Precision } from '../../accuracy/score/precision.ts';
import { type Method, methodUnit, type NonlinearSettings } from '../../accuracy/study/methods.ts';
import type { Writer } from '../../accuracy/study/transcription.ts';
import type { ModelConfig } from '../../model/config/config.ts';
import { exactNonlinear } from '../../model/layer/nonlinear.ts';

/** The stored model, and each method behind it. */
export const writersOf = (
  config: ModelConfig,
  {
    methods,
    precision,
    settings,
  }: { methods: readonly Method[]; precision: Precision; settings: NonlinearSettings },
): Writer[] => [
  { name: 'stored', settings: 'stored', arithmetic: arithmeticFor(FULL_PRECISION, exactNonlinear) },
  ...methods.map((method): Writer => {
    const { unit, label } = methodUnit(method, config, settings);
    return {
      name: method,
      settings: [method, label, settings, precision],
      arithmetic: arithmeticFor(precision, unit),
    };
  }),
];
