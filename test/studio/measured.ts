const LOSS = { loss_increase: 0.01, loss_increase_ci95: 0.002, tie: false };
const FUNCTIONS = { functions_increase: 0.01, functions_increase_ci95: 0.002, functions_tie: false };

/** A measurement as an address holds it: of two methods, one of them a tie, the first with a part. */
export const MEASURED = {
  model: 'mugi-tiny',
  data: 'embedded',
  targets: 1024,
  increases: [
    { method: 'vlp', ...LOSS, ...FUNCTIONS, perplexity: 20, kl: 0.01, parts: [{ part: 'weights', ...LOSS }] },
    { method: 'pwl', ...LOSS, tie: true, ...FUNCTIONS, perplexity: 21, kl: 0.01, parts: [] },
  ],
};
