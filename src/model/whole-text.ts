import type { TextTokenizer } from './format/tokenizer.ts';

/** What a decoder writes for a byte that begins a character whose other bytes are still missing. */
const INCOMPLETE = '\ufffd';

/** Text behind `prompt`, token by token: byte-level tokens may end inside a character, which is held back until it is whole. */
export class WholeText {
  readonly ids: number[] = [];
  readonly #tokenizer: TextTokenizer;
  readonly #prompt: readonly number[];
  readonly #start: number;
  #told = 0;

  constructor(tokenizer: TextTokenizer, prompt: readonly number[]) {
    this.#tokenizer = tokenizer;
    this.#prompt = prompt;
    this.#start = tokenizer.decode(prompt).length;
  }

  /** All text so far. */
  get text(): string {
    return this.#tokenizer.decode([...this.#prompt, ...this.ids]).slice(this.#start);
  }

  /** Adds a token; returns the whole characters that it completes. */
  add(id: number): string {
    this.ids.push(id);
    const { text } = this;
    return text.endsWith(INCOMPLETE) ? '' : this.#behind(text);
  }

  /** What was held back. */
  rest(): string {
    return this.#behind(this.text);
  }

  #behind(text: string): string {
    const rest = text.slice(this.#told);
    this.#told = text.length;
    return rest;
  }
}
