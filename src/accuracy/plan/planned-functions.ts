import type { ModelConfig } from '../../model/config/config.ts';
import { placesOf } from '../../model/config/places.ts';
import type { NonlinearEvaluator } from '../../model/layer/nonlinear.ts';
import type { Method } from '../study/methods-list.ts';
import type { MethodUnit, NonlinearSettings } from '../study/method-settings.ts';
import { windowFor } from '../windows/window-file.ts';
import type { PlannedFunction } from './plan-file.ts';

/** What a plan says of one place, with the settings for what it leaves open. */
interface Chosen {
  method: Method;
  settings: NonlinearSettings;
}

/** The entries for a place, put together: of a key that several have, the last one's. */
export function plannedAt(
  plan: readonly PlannedFunction[],
  name: string,
  layer: number,
  head?: number,
): Partial<PlannedFunction> | undefined {
  const own = plan.filter(
    (entry) =>
      entry.function === name &&
      (entry.layer === undefined || entry.layer === layer) &&
      (entry.heads === undefined || (head !== undefined && entry.heads.includes(head))),
  );
  return own.length === 0 ? undefined : Object.assign({}, ...own);
}

/** Whether VLP computes a place for which neither plan nor settings have a window. */
export function leavesWindows(plan: readonly PlannedFunction[], config: ModelConfig): boolean {
  const places = placesOf(config);
  const open = (name: string, layer: number, head?: number): boolean => {
    const { method = 'vlp', window } = plannedAt(plan, name, layer, head) ?? {};
    return method === 'vlp' && window === undefined;
  };
  return (
    places.softmax.some((heads, layer) =>
      Array.from({ length: heads }, (_, head) => head).some((head) => open('softmax', layer, head)),
    ) || Array.from({ length: places.activation }, (_, n) => n).some((n) => open(config.activation, n))
  );
}

/**
 * The functions of a plan: each place by its own method.
 * @param make a method with settings that hold for all places
 */
export function plannedUnit(
  plan: readonly PlannedFunction[],
  config: ModelConfig,
  settings: NonlinearSettings,
  make: (method: Method, settings: NonlinearSettings) => MethodUnit,
): MethodUnit {
  const units = new Map<string, MethodUnit>();
  const chosen = (name: string, layer: number, head?: number): Chosen => {
    const {
      method = 'vlp',
      mantissa = settings.mantissaBits,
      window,
      group_rows: groupRows = settings.groupRows,
    } = plannedAt(plan, name, layer, head) ?? {};
    const held = window ?? windowFor(settings.windows, name, layer, head);
    // One window for all places, so that equal places share a unit.
    const windows =
      held === undefined ? [] : [{ function: name, lo: held.lo, hi: held.hi, anchor: held.anchor }];
    return { method, settings: { ...settings, mantissaBits: mantissa, groupRows, windows } };
  };
  const unitOf = (name: string, layer: number, head?: number): NonlinearEvaluator => {
    const { method, settings: own } = chosen(name, layer, head);
    const key = JSON.stringify([method, own]);
    const unit = units.get(key) ?? make(method, own);
    units.set(key, unit);
    return unit.unit;
  };
  const places = placesOf(config);
  const softmax = places.softmax.map((heads, layer) =>
    Array.from({ length: heads }, (_, head) => unitOf('softmax', layer, head)),
  );
  const activation = Array.from({ length: places.activation }, (_, layer) =>
    unitOf(config.activation, layer),
  );
  return {
    unit: {
      softmax(call) {
        const own = softmax[call.layer];
        const perHead = call.rows / call.heads;
        for (let h = 0; h < call.heads; ) {
          const unit = own[call.firstHead + h];
          let end = h + 1;
          while (end < call.heads && own[call.firstHead + end] === unit) end += 1;
          unit.softmax({
            ...call,
            firstHead: call.firstHead + h,
            heads: end - h,
            rows: (end - h) * perHead,
            scores: call.scores.subarray(h * perHead * call.columns, end * perHead * call.columns),
            lengths: call.lengths.subarray(h * perHead, end * perHead),
          });
          h = end;
        }
      },
      activation: (call) => activation[call.layer].activation(call),
    },
    ranges() {
      const all = [...units.values()].map(({ ranges }) => ranges());
      return {
        inputs: all.reduce((sum, { inputs }) => sum + inputs, 0),
        clamped: all.reduce((sum, { clamped }) => sum + clamped, 0),
      };
    },
    label: `plan of ${plan.length} entries`,
  };
}
