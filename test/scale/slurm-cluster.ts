import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAMS = ['/usr/sbin/munged', '/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/bin/sbatch'];
/** Debian's packages slurmctld, slurmd, slurm-client and munge, and the right to start them. */
export const slurmThere = (): boolean =>
  PROGRAMS.every((path) => existsSync(path)) && process.getuid?.() === 0;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A Slurm of its own on this machine: munge, a controller and nodes, in a folder, on ports that nothing else uses. */
export class Cluster {
  readonly folder = mkdtempSync(join(tmpdir(), 'mugi-slurm-'));
  readonly env: NodeJS.ProcessEnv;
  readonly #started = new Map<string, ChildProcess>();
  readonly #nodes: readonly string[];

  constructor(nodes: number) {
    const { folder } = this;
    this.#nodes = Array.from({ length: nodes }, (_, i) => `node${i + 1}`);
    chmodSync(folder, 0o755);
    for (const name of ['state', ...this.#nodes]) mkdirSync(join(folder, name));
    const key = join(folder, 'munge.key');
    writeFileSync(key, Buffer.alloc(1024, 'mugi'), { mode: 0o400 });
    const port = 20_000 + (process.pid % 20_000);
    const conf = join(folder, 'slurm.conf');
    writeFileSync(
      conf,
      `${[
        'ClusterName=mugi',
        `SlurmctldHost=${hostname()}(127.0.0.1)`,
        `SlurmctldPort=${port}`,
        'SlurmUser=root',
        'SlurmdUser=root',
        'AuthType=auth/munge',
        `AuthInfo=socket=${folder}/munge.socket`,
        `StateSaveLocation=${folder}/state`,
        `SlurmdSpoolDir=${folder}/%n`,
        `SlurmctldPidFile=${folder}/slurmctld.pid`,
        `SlurmdPidFile=${folder}/slurmd.%n.pid`,
        'ProctrackType=proctrack/linuxproc',
        'TaskPlugin=task/none',
        'SelectType=select/cons_tres',
        'SelectTypeParameters=CR_CPU',
        'SchedulerParameters=batch_sched_delay=0,sched_interval=1',
        'ReturnToService=2',
        'MailProg=/bin/true',
        'MpiDefault=none',
        ...this.#nodes.map(
          (name, i) =>
            `NodeName=${name} NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${port + 1 + i} CPUs=2`,
        ),
        'PartitionName=all Nodes=ALL Default=YES State=UP',
      ].join('\n')}\n`,
    );
    this.env = { ...process.env, SLURM_CONF: conf };
  }

  async start(): Promise<void> {
    const { folder } = this;
    const own = (name: string, ending: string): string => `--${name}=${join(folder, `munge.${ending}`)}`;
    this.#run('munged', '/usr/sbin/munged', [
      '--foreground',
      '--force',
      own('key-file', 'key'),
      own('socket', 'socket'),
      own('pid-file', 'pid'),
      own('log-file', 'log'),
      own('seed-file', 'seed'),
    ]);
    await wait(500);
    this.startController();
    for (const name of this.#nodes) this.startNode(name);
    for (let tries = 0; tries < 60; tries++) {
      await wait(500);
      if (
        this.ask('sinfo', ['-h', '-N', '-o', '%T'])
          .split('\n')
          .filter((state) => state === 'idle').length === this.#nodes.length
      )
        return;
    }
    throw new Error(`Slurm does not start: ${this.ask('sinfo', ['-N', '-l'])}`);
  }

  startController(): void {
    this.#run('slurmctld', '/usr/sbin/slurmctld', ['-D']);
  }

  startNode(name: string): void {
    this.#run(name, '/usr/sbin/slurmd', ['-D', '-N', name]);
  }

  /** kill -9 of a daemon that this cluster started. */
  async kill(name: 'slurmctld' | 'node1' | 'node2'): Promise<void> {
    const child = this.#started.get(name)!;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /**
   * What a node's loss does: kill -9 of its daemon, of the step daemons that it started and of their tasks.
   * @returns processes beside the daemon that were killed
   */
  async lose(name: 'node1' | 'node2'): Promise<number> {
    const own = processesOf(this.env.SLURM_CONF!);
    const tasks = own.filter(({ node }) => node === name);
    // A step daemon is the parent of its tasks, and of nothing else.
    const steps = own.filter(({ pid, step }) => step && tasks.some(({ parent }) => parent === pid));
    await this.kill(name);
    killed([...steps, ...tasks]);
    return steps.length + tasks.length;
  }

  /**
   * kill -9 of one running task of the jobs of a name: of its script and all that it has started.
   * @param share which of them, from 0 to 1
   * @returns processes that were killed; none where no task runs
   */
  strike(name: string, share: number): number {
    const running = processesOf(this.env.SLURM_CONF!).filter((one) => one.name === name && !one.step);
    const tasks = [...new Set(running.map(({ job }) => job))];
    const task = tasks[Math.floor(tasks.length * share)];
    return killed(running.filter(({ job }) => job === task));
  }

  /** What a client of Slurm prints; nothing where it fails. */
  ask(program: string, args: readonly string[]): string {
    try {
      return execFileSync(program, args, {
        env: this.env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    } catch {
      return '';
    }
  }

  stop(): void {
    this.ask('scancel', ['--signal=KILL', '--full', '--user=root']);
    for (const child of this.#started.values()) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #run(name: string, path: string, args: readonly string[]): void {
    const child = spawn(path, args, { env: this.env, stdio: 'ignore' });
    this.#started.set(name, child);
  }
}

/** kill -9 of some processes; how many of them were still there. */
function killed(processes: readonly Found[]): number {
  let struck = 0;
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
      struck++;
    } catch {
      // It has ended meanwhile.
    }
  }
  return struck;
}

interface Found {
  pid: number;
  parent: number;
  /** The task's job, by number and by name. */
  job?: string;
  name?: string;
  /** The node that a task runs on. */
  node?: string;
  /** A step daemon. */
  step: boolean;
}

/** Processes of a cluster: those whose environment names its configuration. */
function processesOf(configuration: string): Found[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): Found[] => {
      try {
        const environment = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
        if (!environment.includes(`SLURM_CONF=${configuration}`)) return [];
        const [, parent = '0'] = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8')) ?? [];
        const of = (variable: string): string | undefined =>
          environment.find((one) => one.startsWith(`${variable}=`))?.split('=')[1];
        const [node, job, own] = ['SLURMD_NODENAME', 'SLURM_JOB_ID', 'SLURM_JOB_NAME'].map(of);
        const step = readFileSync(`/proc/${name}/cmdline`, 'utf8').startsWith('slurmstepd');
        return [
          {
            pid: Number(name),
            parent: Number(parent),
            step,
            ...(node === undefined ? {} : { node }),
            ...(job === undefined ? {} : { job }),
            ...(own === undefined ? {} : { name: own }),
          },
        ];
      } catch {
        return [];
      }
    });
}
