/** What is published of a model. */
export interface Card {
  /** In millions. */
  parameters: number;
  /** Parameters that one token passes through, where it is a mixture of experts; in millions. */
  active?: number;
  /** What the card counts and a workload leaves out: parameters in millions, worked out from its shapes. */
  beside?: { parameters: number; what: string };
  /** No card gives this part alone, or to three digits: `parameters` is the sum of the file's sizes. */
  summed?: true;
  /** Bytes of the KV cache a token, at 16 bits an element. */
  kvBytes?: number;
}

/**
 * Shapes of a public model as its config.json states them (facts; the file abridged to what is read), with the
 * parameter counts published on its model card or in its paper, in millions.
 */
export interface PublicModel extends Card {
  config: Record<string, unknown>;
}
