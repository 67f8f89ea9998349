import pkg from '../package.json' with { type: 'json' };

/** The package's version, printed by `mugi --version` and carried in every result. */
export const version: string = pkg.version;
