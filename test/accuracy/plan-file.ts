import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plan, readPlan } from '../../src/accuracy/plan/plan-file.ts';

/** Plans of mugi-tiny as files of a folder, and as they are read. */
export function planWriter(folder: string): {
  planFile: (name: string, content: object) => string;
  plan: (content: object) => Plan;
} {
  const planFile = (name: string, content: object): string => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify({ format: 'mugi-plan/1', model: 'mugi-tiny', ...content }));
    return path;
  };
  return { planFile, plan: (content) => readPlan(planFile('read', content)) };
}
