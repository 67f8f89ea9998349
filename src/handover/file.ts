/** A file of another tool's format: its path below the folder that the user names, and its text. */
export interface HandoverFile {
  path: string;
  text: string;
}

/** A number that every YAML reader takes for one: version 1.1 knows no exponent without a point before it. */
export function yamlNumber(value: number): string {
  const [mantissa, exponent] = String(value).split('e');
  if (exponent === undefined) return mantissa;
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}e${exponent}`;
}
