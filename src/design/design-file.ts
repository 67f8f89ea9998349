import { isMap, isPair, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { MugiError } from '../errors.ts';
import type { Locate } from './problem.ts';

const DESIGN = { what: 'a design file', expected: '"base: mugi-256", say, and what is different' };

/**
 * Plain data of a YAML or JSON text, and where each part of it stands: `file:line:column: key`.
 * @throws MugiError for text that is empty or not YAML, with line and column
 */
export function parseDesignFile(
  path: string,
  text: string,
  { what, expected }: { what: string; expected: string } = DESIGN,
): { value: unknown; locate: Locate } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const where = (offset: number, key = ''): string => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return `${path}:${line}:${col}${key === '' ? '' : `: ${key}`}`;
  };
  const [bad] = [...document.errors, ...document.warnings];
  if (bad !== undefined) {
    const plain: Partial<Record<string, string>> = {
      DUPLICATE_KEY: 'this key stands here a second time',
      MULTIPLE_DOCS: `a second document begins here; ${what} holds one`,
    };
    // The parser reports its own stack as an error of the text.
    const deep = /call stack|too much recursion/.test(bad.message)
      ? 'lists and maps are nested too deep'
      : undefined;
    const message = deep ?? plain[bad.code] ?? bad.message;
    throw new MugiError({ code: 'invalid-file', message, path: where(bad.pos[0]) });
  }
  if (document.contents === null)
    throw new MugiError({
      code: 'invalid-file',
      message: 'the file is empty',
      path,
      expected,
    });
  const locate: Locate = (keys, on) => {
    let node: unknown = document.contents;
    let offset = (node as Node).range?.[0] ?? 0;
    for (const [i, key] of keys.entries()) {
      if (isMap(node)) {
        const pair = node.items.find(({ key: k }) => String(k) === String(key));
        // A missing key is reported where the entries that lack it begin.
        if (!isPair(pair)) break;
        node = pair.value;
        const wanted = on === 'key' && i === keys.length - 1 ? pair.key : pair.value;
        offset = (wanted as Node | null)?.range?.[0] ?? (pair.key as Node).range?.[0] ?? offset;
      } else if (isSeq(node)) {
        node = node.items[Number(key)];
        offset = (node as Node | null)?.range?.[0] ?? offset;
      } else break;
    }
    return where(offset, keys.join('.'));
  };
  try {
    return { value: document.toJS({ maxAliasCount: 100 }), locate };
  } catch (error) {
    throw new MugiError({ code: 'invalid-file', message: (error as Error).message, path });
  }
}
