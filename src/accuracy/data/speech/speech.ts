import { MugiError, unknownName } from '../../../errors.ts';
import type { WhisperConfig } from '../../../model/config/config.ts';
import type { TextTokenizer } from '../../../model/format/tokenizer.ts';
import type { Block } from '../blocks.ts';
import { featuresOf, melSettings } from './extractor.ts';
import { utterancesIn } from './utterances.ts';

/** Language of speech where none is said. */
export const DEFAULT_LANGUAGE = 'en';

/**
 * What every text of a Whisper model begins with: its start, of multilingual models language and task, and that no times
 * follow.
 * @throws MugiError for a language without a token
 */
export function startTokens(config: WhisperConfig, tokenizer: TextTokenizer, language: string): number[] {
  const id = (name: string): number => {
    const found = tokenizer.id(`<|${name}|>`);
    if (found !== undefined && found < config.vocab) return found;
    if (name === language)
      throw unknownName('language', language, LANGUAGES.filter(isKnown(tokenizer)), 'language');
    throw new MugiError({
      code: 'invalid-file',
      message: `the tokenizer has no <|${name}|> token`,
      path: 'tokenizer.json',
    });
  };
  return config.multilingual
    ? [config.start, id(language), id('transcribe'), id('notimestamps')]
    : [config.start, id('notimestamps')];
}

/** Codes of the languages that Whisper is best at, for hints. */
const LANGUAGES = ['en', 'zh', 'de', 'es', 'ru', 'ko', 'fr', 'ja', 'pt', 'tr', 'pl', 'nl', 'ar', 'sv', 'it'];
const isKnown = (tokenizer: TextTokenizer) => (language: string) =>
  tokenizer.id(`<|${language}|>`) !== undefined;

/**
 * Speech as blocks: the features of each sound, and its text as the decoder is fed it (start tokens, text) and predicts it
 * (text, end), teacher-forced.
 * @param model folder of the model, for its preprocessor_config.json
 * @throws MugiError for sounds that are not read, and texts that are longer than the model's context
 */
export function speechBlocks(
  path: string,
  config: WhisperConfig,
  model: string,
  tokenizer: TextTokenizer,
  language: string = DEFAULT_LANGUAGE,
): Block[] {
  const settings = melSettings(model, config);
  const start = startTokens(config, tokenizer, language);
  const end = config.eos[0] ?? tokenizer.id('<|endoftext|>');
  if (end === undefined) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'the model names no end token',
      path: `${model}: eos_token_id`,
    });
  }
  return utterancesIn(path).map(({ path: sound, text }) => {
    const ids = tokenizer.encode(text);
    const inputs = [...start, ...ids];
    if (inputs.length > config.context) {
      throw new MugiError({
        code: 'invalid-value',
        message: `the text of ${inputs.length} tokens, start tokens included, is longer than the model's context`,
        path: sound,
        expected: `at most ${config.context} tokens`,
        received: String(inputs.length),
      });
    }
    const targets = new Int32Array(inputs.length).fill(-1);
    targets.set([...ids, end], start.length - 1);
    return {
      document: sound,
      mel: featuresOf(sound, settings),
      ids: Int32Array.from(inputs),
      targets,
      scored: ids.length + 1,
      said: text,
      rows: config.sourcePositions + inputs.length,
    };
  });
}
