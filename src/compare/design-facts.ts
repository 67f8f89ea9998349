import { MEMORIES, nodeCount, peakMacs, sramBits, sramName } from '../design/design.ts';
import { designName } from '../evaluate/metrics.ts';
import { costSource, type PricedDesign, ROUTER_BANDWIDTH } from '../evaluate/price.ts';

/** One design in a line, under machine names; the rows of `mugi designs --json`. */
export function designSummary(priced: PricedDesign) {
  const { design, technology } = priced;
  const { array, sram, method, provenance } = design;
  return {
    design: designName({ priced }),
    title: design.title,
    family: design.family,
    mesh_rows: design.nodes.rows,
    mesh_columns: design.nodes.columns,
    rows: array.rows,
    columns: array.columns,
    depth: array.depth,
    step_cycles: array.stepCycles,
    stationary: array.stationary,
    pipeline: array.pipeline.kind,
    weight_bits: array.weightBits,
    /** Of one node, like the SRAM sizes. */
    nonlinear_lanes: design.nonlinear.lanes,
    method,
    input_sram_KiB: sramBits(sram.input) / 8192,
    weight_sram_KiB: sramBits(sram.weight) / 8192,
    output_sram_KiB: sramBits(sram.output) / 8192,
    peak_macs_per_cycle: peakMacs(design),
    area_mm2: priced.area,
    leakage_W: priced.leakage * 1e-3,
    technology: technology.name,
    provenance,
  };
}

export type DesignSummary = ReturnType<typeof designSummary>;

/** Everything that a design is made of, for the whole chip, with where each cost comes from. */
export function designDetails(priced: PricedDesign) {
  const { design, srams, accessCycles, eventEnergy } = priced;
  const attributes = new Map(design.components.map((part) => [part.name, part.attributes]));
  attributes.set('router', { bandwidth: ROUTER_BANDWIDTH });
  const logic = priced.components.filter(({ group }) => group !== 'sram');
  return {
    ...designSummary(priced),
    components: logic.map((part) => ({
      component: part.name,
      class: part.class,
      attributes: attributes.get(part.name) ?? {},
      group: part.group,
      count: part.count,
      /** Of one activation of one instance. */
      energy_pJ: part.energy * 1e3,
      leakage_mW: part.leakage,
      area_mm2: part.area,
      source: costSource(priced, part.name, part.class),
    })),
    memories: MEMORIES.map((memory) => {
      const row = srams[memory];
      const nodes = nodeCount(design);
      return {
        memory: sramName(memory),
        count: nodes,
        KiB: sramBits(design.sram[memory]) / 8192,
        macros: row.macros,
        banks: row.banks,
        word_bits: row.wordBits,
        depth_per_bank: row.depthPerBank,
        read_pJ: row.read_nJ * 1e3,
        write_pJ: row.write_nJ * 1e3,
        access_cycles: accessCycles[memory],
        leakage_mW: row.leakage_mW * nodes,
        area_mm2: row.area_mm2 * nodes,
        source: row.source,
      };
    }),
    events: Object.entries(design.events).map(([event, fired]) => ({
      event,
      energy_pJ: eventEnergy[event] * 1e3,
      activations: Object.fromEntries(fired.map(({ component, count }) => [component, count])),
    })),
  };
}

export type DesignDetails = ReturnType<typeof designDetails>;
