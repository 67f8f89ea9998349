/** Arrays with a cycle model that are small enough to be looked at. */
export const RIVALS = [
  'sa-8-os',
  'sa-8',
  'sa-8-db',
  'sa-16-os',
  'sa-16',
  'sa-f-8',
  'sd-8',
  'sd-16',
  'carat-8',
  'carat-64',
  'tensor',
] as const;
