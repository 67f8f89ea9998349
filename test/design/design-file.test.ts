import { expect, it } from 'vitest';
import { parseDesignFile } from '../../src/design/design-file.ts';

it.each(['[', '{a: ', '- '])('a design file of %j without end is refused in plain words', (opening) => {
  const read = (): unknown => parseDesignFile('deep.yaml', opening.repeat(60_000 / opening.length)).value;
  expect(read).toThrow('lists and maps are nested too deep');
});
