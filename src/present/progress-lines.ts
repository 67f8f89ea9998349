import { printableJson } from '../shown.ts';

/** The command whose standard error a program reads: every line of it is a JSON object. */
let reader: string | undefined;

/** From here on progress and remarks are JSON lines of this command, or text again. */
export const progressAsLines = (command: string | undefined): void => {
  reader = command;
};

/** Whether a stream is read by a program: a person at a terminal is shown text and bars in any case. */
export const isForPrograms = (stream: Pick<NodeJS.WriteStream, 'isTTY'> = process.stderr): boolean =>
  reader !== undefined && !stream.isTTY;

/** Work that is under way, or a remark. Times in seconds. */
export interface ProgressLine {
  /** Which part of the command's work this is. */
  phase?: string;
  done?: number;
  total?: number;
  /** What `done` and `total` count. */
  unit?: string;
  elapsed_s?: number;
  /** At the pace of this run; null before it has done anything. */
  left_s?: number | null;
  /** Of the whole command, before it begins. */
  estimate_s?: number;
  memory_bytes?: number;
  note?: string;
}

/** Writes one line, the command's name first. */
export function writeLine(
  line: ProgressLine,
  stream: Pick<NodeJS.WriteStream, 'write'> = process.stderr,
): void {
  stream.write(`${printableJson({ command: reader, ...line })}\n`);
}
