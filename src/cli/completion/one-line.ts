import { cut } from '../../shown.ts';

/** Characters of a help that a menu of a shell has room for. */
const MENU_WIDTH = 72;

/** A help for the menu of a shell. */
export const oneLine = (help: string): string => cut(help, MENU_WIDTH);
