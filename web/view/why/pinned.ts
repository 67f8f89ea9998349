/** What stands before the name of a design whose gain is over the pinned state. */
export const PINNED = 'pinned ';
