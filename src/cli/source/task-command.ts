/** Flags whose work is this process's: tasks of a cluster get all others. */
const OWN: Readonly<Record<string, number>> = {
  '--slurm': 0,
  '--shards': 1,
  '--partition': 1,
  '--threads': 1,
  '--json': 0,
  '--csv': 0,
  '--parquet': 1,
  '--html': 1,
  '--plots': 1,
  '--yaml': 1,
  '--rows': 1,
  '--out': 1,
};

/** The command that is running, as a task runs it. */
export function taskCommand(): string[] {
  const [node, script, ...words] = process.argv;
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const [name] = words[i].split('=');
    if (!Object.hasOwn(OWN, name)) kept.push(words[i]);
    else if (!words[i].includes('=')) i += OWN[name];
  }
  return [node, script, ...kept];
}
