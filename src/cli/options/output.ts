import { type Row, toCsv } from '../../present/csv.ts';
import { isForPrograms, type ProgressLine, writeLine } from '../../present/progress-lines.ts';
import { forOutput } from '../../present/terminal.ts';
import { printableJson } from '../../shown.ts';
import { type Flag, flag, SWITCH } from './flag.ts';

export interface OutputFlags {
  json?: true;
  csv?: true;
}

export const jsonFlag = (help: string) => flag('--json', SWITCH, help);
export const csvFlag = (help: string) => flag('--csv', SWITCH, help);
/** Both ways for programs to read a result. */
export const outputFlags = (json: string, csv: string): readonly Flag[] => [jsonFlag(json), csvFlag(csv)];

/** What a command can print; only what is asked for is made. */
export interface Forms {
  json(): unknown;
  /** On one line, where a result is long lists of numbers. */
  compact?: boolean;
  csv?(): readonly Row[];
  text(): string;
}

/** The one way out: a result on standard output, as JSON, CSV or text. */
export function output({ json, csv }: OutputFlags, forms: Forms): void {
  if (json === true) print(jsonText(forms));
  else print(csv === true ? toCsv(forms.csv?.() ?? []) : forOutput(forms.text()));
}

const jsonText = (forms: Forms): string => `${printableJson(forms.json(), forms.compact === true ? 0 : 2)}\n`;

export const print = (text: string): void => {
  process.stdout.write(text);
};

/**
 * A remark that is no part of the result; a progress bar that stands on its line makes room. A program is given it as a note.
 * @param fields what it says in numbers, for programs
 */
export const remark = (text: string, fields: ProgressLine = {}): void => {
  if (isForPrograms()) return writeLine({ ...fields, note: text });
  process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${text}\n`);
};

/** Tells that an interrupted run had finished part of the work. */
export const sayResumed = (parts: number, one = 'batch', many = 'batches'): void =>
  remark(`resuming: ${parts} ${parts === 1 ? `${one} was` : `${many} were`} finished by an interrupted run`);
