import { expect, it } from 'vitest';
import { changes } from './support.ts';

it('repaired, counters, comparators and adders instead of registers', () => {
  expect(changes('sa-16', 'systolic-control')).toEqual([
    'components.iadd.class: register → adder',
    'components.icmp.class: register → comparator',
    'components.icnt.class: register → counter',
    'components.wadd.class: register → adder',
    'components.wcmp.class: register → comparator',
    'components.wcnt.class: register → counter',
  ]);
  expect(changes('sd-16', 'systolic-control')).toEqual([]);
});
