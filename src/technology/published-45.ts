import { hertz } from '../units.ts';
import { CACTI_45 } from './cacti-45.ts';
import type { Attributes, LogicRow, Technology } from './technology.ts';

const REPORT =
  'Mugi artifact (ArchX, MIT, commit 4f93b0d), 45 nm NanGate-based synthesis, place and route, 400 MHz';
const HAND_ENTERED = 'Mugi artifact (ArchX, MIT, commit 4f93b0d), value without a report';

/** Power columns are mW although the artifact's header says uW; energy per operation is dynamic mW / 400 MHz. */
const row = (
  reference: Attributes,
  dynamic_mW: number,
  leakage_mW: number,
  area_mm2: number,
  source = REPORT,
): LogicRow => ({ reference, energy_nJ: dynamic_mW / 400, leakage_mW, area_mm2, source });

/** Costs that the paper's results rest on: logic from the authors' table, memories from CACTI 7. */
export const PUBLISHED_45: Technology = {
  name: 'published',
  title: 'published 45 nm costs (Mugi artifact, CACTI 7)',
  node_nm: 45,
  clock: hertz(400e6),
  srams: CACTI_45,
  logic: {
    adder: row({ width: 32 }, 0.05513046, 0.00240549, 0.000134596),
    adderbf16: row({}, 0.82107967, 0.01845191, 0.000766346),
    and_bitwise: row({ width: 1 }, 0.00028421, 0.00002507, 0.000001064),
    ch_aloc: row({}, 0.04891088, 0.00318244, 0.000160398),
    ch_dealoc: row({}, 0.04423578, 0.00176321, 0.000108262),
    comparator: row({ width: 1 }, 0.00041247, 0.00003644, 0.000001596),
    counter: row({ width: 3 }, 0.00969577, 0.00043266, 0.000024472000000000002),
    decoder: row({}, 0.10274611, 0.0328997, 0.000949088),
    exp_norm: row({}, 0.03528234, 0.00197296, 0.00007394799999999999),
    exp_select: row({}, 0.04774053, 0.00240388, 0.000136724),
    fifo: row({ width: 16, depth: 8 }, 0.54296978, 0.02454317, 0.001298346),
    int_to_bf16: row({}, 0.01853052, 0.00079732, 0.00004522),
    int_to_fp: row({}, 0.69225207, 0.01302613, 0.00057589),
    multiplexer: row({ width: 16, inputs: 2 }, 0.00704281, 0.00057485, 0.000029792000000000002),
    multiplierbf16: row({}, 0.54183944, 0.01572748, 0.0007134120000000001),
    noc_router: { ...row({ bandwidth: 64 }, 0.0001127508, 0, 0.01057039, HAND_ENTERED), unreported: true },
    or_bitwise: row({ width: 1 }, 0.00028131, 0.00002269, 0.000001064),
    prealigner: row({}, 0.02503423, 0.00122033, 0.000064372),
    pwl_22_seg_encoder: row({}, 0.08916458, 0.00552262, 0.000278768),
    pwl_bf_max: row({}, 0.00738942, 0.00030166, 0.000013300000000000001),
    register: row({ width: 1 }, 0.00231837, 0.00008621, 0.00000532),
    vlp_clamp: row({}, 0.07141202, 0.00234531, 0.000101346),
    vlp_max_min: row({ width: 4 }, 0.05091, 0.00240197, 0.000110656),
    vlp_round: row({}, 0.03505076, 0.00183429, 0.000100016),
    vlp_window: row({}, 0.64590196, 0.02912637, 0.00147896),
    xnor_bitwise: row({ width: 1 }, 0.00041247, 0.00003644, 0.000001596),
    xor_bitwise: row({ width: 1 }, 0.00040877, 0.00003616, 0.000001596),
  },
};
