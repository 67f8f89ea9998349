import { explored } from './explore/walk-space.ts';
import type { Asked as Space } from './explore/messages.ts';
import { type Asked as Paper, paperItem } from './paper/item.ts';

/** The one worker of the studio: views that compute for long start one each. */
self.addEventListener('message', ({ data }: MessageEvent<Space | Paper>) => {
  if (data.kind === 'paper') void paperItem(data);
  else explored(data);
});
