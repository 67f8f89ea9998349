import { ENCODER, INPUT } from '../../../src/workload/flow/flow.ts';

/** What is placed: steps of a block with what they read, each behind those that it reads. */
export interface Drawn {
  steps: readonly { id: string; reads: readonly string[] }[];
  results: readonly string[];
}

/** Where the block's results go. */
export const OUTPUT = 'output';

export interface Box {
  id: string;
  /** Left and upper edge. */
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Picture {
  width: number;
  height: number;
  boxes: Box[];
  edges: { from: string; to: string; path: string }[];
}

const HEIGHT = 46;
const PORT_HEIGHT = 24;
const GAP = { x: 8, y: 26 };
/** An edge that passes a rank takes a lane of it. */
const LANE = 12;
const WIDTH = { least: 56, most: 144 };
const SWEEPS = 6;

/** A box of a rank, or the lane of an edge that passes through it. */
interface Place {
  id: string | undefined;
  x: number;
  above: Place[];
  below: Place[];
}

export const isPort = (id: string): boolean => id === INPUT || id === ENCODER || id === OUTPUT;

/**
 * A picture of dataflow from top to bottom (Sugiyama 1981): ranks by the longest way from the input, lanes for edges
 * that pass ranks, and an order of each rank that keeps neighbours near each other. Steps that read nothing of one
 * another stand in rows.
 */
export function laidOut({ steps, results }: Drawn, room: number): Picture {
  if (steps.every(({ reads }) => reads.length === 0)) return inRows(steps, room);
  const edges = edgesOf(steps, results);
  const ranks = ranked(edges, steps);
  const places = new Map<string, Place>();
  for (const rank of ranks) for (const place of rank) if (place.id !== undefined) places.set(place.id, place);
  const ways = edges.map((edge) => ({ ...edge, way: wayOf(edge, places, ranks) }));
  for (let i = 0; i < SWEEPS; i++) {
    const down = i % 2 === 0;
    for (const rank of down ? ranks : ranks.toReversed()) sorted(rank, down);
  }
  const width = boxWidth(ranks, room);
  const whole = Math.max(room, ...ranks.map((rank) => spanOf(rank, width)));
  for (const rank of ranks) spread(rank, width, whole);
  for (let i = 0; i < 2 * SWEEPS; i++) {
    for (const rank of i % 2 === 0 ? ranks : ranks.toReversed()) settle(rank, width, whole);
  }
  return drawn(ranks, ways, width, whole);
}

function inRows(steps: Drawn['steps'], room: number): Picture {
  const across = Math.max(1, Math.floor((room + GAP.x) / (WIDTH.most + GAP.x)));
  const boxes = steps.map(({ id }, i) => ({
    id,
    x: (i % across) * (WIDTH.most + GAP.x),
    y: Math.floor(i / across) * (HEIGHT + GAP.x),
    width: WIDTH.most,
    height: HEIGHT,
  }));
  return { width: room, height: (boxes.at(-1)?.y ?? 0) + HEIGHT, boxes, edges: [] };
}

interface Edge {
  from: string;
  to: string;
}

function edgesOf(steps: Drawn['steps'], results: readonly string[]): Edge[] {
  const known = new Set([INPUT, ENCODER, ...steps.map(({ id }) => id)]);
  return [...steps, { id: OUTPUT, reads: results }].flatMap(({ id, reads }) =>
    reads.filter((from) => known.has(from)).map((from) => ({ from, to: id })),
  );
}

const place = (id?: string): Place => ({ id, x: 0, above: [], below: [] });

/** Boxes by rank, those that feed a single later one next to it. */
function ranked(edges: readonly Edge[], steps: Drawn['steps']): Place[][] {
  const rank = new Map<string, number>();
  const ids = [INPUT, ...steps.map(({ id }) => id), OUTPUT];
  for (const id of ids) {
    const before = edges.filter(({ to }) => to === id).map(({ from }) => rank.get(from) ?? 0);
    rank.set(id, Math.max(-1, ...before) + 1);
  }
  const readers = (id: string): number[] =>
    edges.filter(({ from }) => from === id).map(({ to }) => rank.get(to) ?? 0);
  if (edges.some(({ from }) => from === ENCODER)) rank.set(ENCODER, Math.min(...readers(ENCODER)) - 1);
  const used = [...rank].filter(
    ([id]) => edges.some(({ from, to }) => from === id || to === id) || !isPort(id),
  );
  const made: Place[][] = Array.from({ length: Math.max(...used.map(([, at]) => at)) + 1 }, () => []);
  for (const [id, at] of used) made[at].push(place(id));
  return made;
}

/** The places that an edge goes through, lanes of the ranks between made on the way. */
function wayOf({ from, to }: Edge, places: ReadonlyMap<string, Place>, ranks: Place[][]): Place[] {
  const rankOf = (id: string): number => ranks.findIndex((rank) => rank.some((one) => one.id === id));
  const way = [places.get(from)!];
  for (let at = rankOf(from) + 1; at < rankOf(to); at++) {
    const lane = place();
    ranks[at].push(lane);
    way.push(lane);
  }
  way.push(places.get(to)!);
  for (let i = 1; i < way.length; i++) {
    way[i - 1].below.push(way[i]);
    way[i].above.push(way[i - 1]);
  }
  return way;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Orders a rank by the mean place of the neighbours on one side; x holds the place meanwhile. */
function sorted(rank: Place[], down: boolean): void {
  const wanted = new Map(
    rank.map((one, i) => {
      const near = down ? one.above : one.below;
      return [one, near.length === 0 ? i : mean(near.map(({ x }) => x))];
    }),
  );
  rank.sort((a, b) => wanted.get(a)! - wanted.get(b)!);
  for (const [i, one] of rank.entries()) one.x = i;
}

const widthOf = ({ id }: Place, width: number): number => (id === undefined ? LANE : width);
const spanOf = (rank: readonly Place[], width: number): number =>
  rank.reduce((sum, one) => sum + widthOf(one, width), GAP.x * (rank.length - 1));

/** As wide as the fullest rank lets all boxes be. */
function boxWidth(ranks: readonly Place[][], room: number): number {
  const fits = ranks.map((rank) => {
    const boxes = rank.filter(({ id }) => id !== undefined).length;
    const rest = room - GAP.x * (rank.length - 1) - LANE * (rank.length - boxes);
    return boxes === 0 ? WIDTH.most : Math.floor(rest / boxes);
  });
  return Math.max(WIDTH.least, Math.min(WIDTH.most, ...fits));
}

/** Centres of a rank side by side in the middle. */
function spread(rank: readonly Place[], width: number, whole: number): void {
  let left = (whole - spanOf(rank, width)) / 2;
  for (const one of rank) {
    one.x = left + widthOf(one, width) / 2;
    left += widthOf(one, width) + GAP.x;
  }
}

/** How much an edge wants to be straight: a lane more than a step between boxes, whose edges fan out anyway. */
const weightOf = (a: Place, b: Place): number =>
  a.id === undefined && b.id === undefined ? 8 : a.id === undefined || b.id === undefined ? 0.5 : 2;
/** Boxes are drawn to the middle of the picture. */
const CENTRED = 0.5;

/** Moves a rank towards its neighbours, as far as its boxes let one another. */
function settle(rank: readonly Place[], width: number, whole: number): void {
  const wanted = rank.map((one) => {
    const near = [...one.above, ...one.below].map((other) => ({ x: other.x, weight: weightOf(one, other) }));
    const pull = near.reduce((sum, { x, weight }) => sum + weight * x, CENTRED * (whole / 2));
    return pull / near.reduce((sum, { weight }) => sum + weight, CENTRED);
  });
  const apart = (i: number): number => (widthOf(rank[i - 1], width) + widthOf(rank[i], width)) / 2 + GAP.x;
  const right = [...wanted];
  for (let i = 1; i < right.length; i++) right[i] = Math.max(right[i], right[i - 1] + apart(i));
  const left = [...wanted];
  for (let i = left.length - 2; i >= 0; i--) left[i] = Math.min(left[i], left[i + 1] - apart(i + 1));
  for (const [i, one] of rank.entries()) one.x = (left[i] + right[i]) / 2;
  // Inside the picture, from both ends.
  for (const [i, one] of rank.entries()) {
    const least = i === 0 ? widthOf(one, width) / 2 : rank[i - 1].x + apart(i);
    one.x = Math.max(one.x, least);
  }
  for (let i = rank.length - 1; i >= 0; i--) {
    const most = i === rank.length - 1 ? whole - widthOf(rank[i], width) / 2 : rank[i + 1].x - apart(i + 1);
    rank[i].x = Math.min(rank[i].x, most);
  }
}

function drawn(
  ranks: readonly Place[][],
  ways: readonly (Edge & { way: Place[] })[],
  width: number,
  whole: number,
): Picture {
  const tops: number[] = [];
  let y = 1;
  const heights = ranks.map((rank) =>
    rank.every(({ id }) => id === undefined || isPort(id)) ? PORT_HEIGHT : HEIGHT,
  );
  for (const height of heights) {
    tops.push(y);
    y += height + GAP.y;
  }
  const at = new Map<Place, { top: number; bottom: number }>();
  const boxes: Box[] = [];
  for (const [i, rank] of ranks.entries()) {
    for (const one of rank) {
      const height = one.id !== undefined && isPort(one.id) ? PORT_HEIGHT : heights[i];
      const top = tops[i] + heights[i] - height;
      at.set(one, { top, bottom: top + height });
      if (one.id !== undefined) boxes.push({ id: one.id, x: one.x - width / 2, y: top, width, height });
    }
  }
  const edges = ways.map(({ from, to, way }) => ({ from, to, path: pathOf(way, at) }));
  return { width: whole, height: y - GAP.y + 1, boxes, edges };
}

const round = (value: number): number => Math.round(10 * value) / 10;

/** Down through the lanes of a way, turning between ranks. */
function pathOf(way: readonly Place[], at: ReadonlyMap<Place, { top: number; bottom: number }>): string {
  let path = `M${round(way[0].x)} ${round(at.get(way[0])!.bottom)}`;
  for (let i = 1; i < way.length; i++) {
    const [from, to] = [way[i - 1], way[i]];
    const [start, end] = [at.get(from)!.bottom, at.get(to)!.top];
    const half = round((start + end) / 2);
    path += `C${round(from.x)} ${half} ${round(to.x)} ${half} ${round(to.x)} ${round(end)}`;
    if (to.id === undefined) path += `V${round(at.get(to)!.bottom)}`;
  }
  return path;
}
