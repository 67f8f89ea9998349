/** What a design of a question is called. */
export const nameOf = (design: string | object): string =>
  typeof design === 'string' ? design : String(Reflect.get(design, 'name') ?? 'custom design');
