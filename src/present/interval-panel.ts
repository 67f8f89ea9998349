/**
 * Panel of a plot: a loss increase (fields low, increase, high) as a point on its interval, against a rule at 0.
 * @param y encoding of the lines
 * @param color encoding of their colour
 */
export function intervalPanel(height: number | { step: number }, y: object, color: object): object {
  const title = 'loss − exact, nats per target';
  return {
    width: 260,
    height,
    layer: [
      {
        mark: { type: 'rule', strokeDash: [3, 3], color: '#888' },
        encoding: { x: { datum: 0, type: 'quantitative' } },
      },
      {
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: {
          x: { field: 'low', type: 'quantitative', title, axis: { tickCount: 5 } },
          x2: { field: 'high' },
          y,
          color,
        },
      },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { x: { field: 'increase', type: 'quantitative' }, y, color },
      },
    ],
  };
}
