import { MugiError } from '../../errors.ts';
import { listOf, sourceOf } from '../../question/text.ts';

/** `height=32..512:32,sram.*=16,32,64`: a name, then its values up to the next name. */
export function variedText(
  key: string,
  text: string,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const parts = text.split(/,(?=\s*[\w.*-]+\s*=)/);
  const given = parts.map((part): [string, string] => {
    const at = part.indexOf('=');
    if (at > 0 && at < part.length - 1) return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    throw new MugiError({
      code: 'invalid-value',
      message: `${key} needs a name and its values`,
      path: key,
      expected: 'height=32..512:32, or several: height=64,128,sram.*=16,32',
      received: part,
    });
  });
  return { ...before, ...Object.fromEntries(given) };
}

/** `llama-2-7b`, or several with their shares of tokens: `llama-2-7b=3,qwen3-8b=1`. */
export const modelsText = (key: string, text: string): (string | { model: string; weight: number })[] =>
  listOf(key, text).map((one) => {
    const match = /^(.+)=(\d+(?:\.\d+)?)$/.exec(one);
    return match === null ? one : { model: match[1], weight: Number(match[2]) };
  });

/** Names and paths of designs, or designs written out as JSON. */
export const designsText = (key: string, text: string): (string | object)[] =>
  listOf(key, text).map((one) => sourceOf(key, one));
