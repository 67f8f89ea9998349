/** Ways to compute the nonlinear functions: exactly, by VLP, and what VLP is compared with (Mugi §2.2). */
export const METHODS = ['vlp', 'pwl', 'pwl-fair', 'taylor', 'taylor-fair', 'pa', 'exact'] as const;
export type Method = (typeof METHODS)[number];
