import { ERROR, FACTS, type Keys, METRIC_KEYS, MUGI, ORIGIN, PLACE, under } from './part.ts';

/** A measured loss. */
const LOSS_KEYS: Keys = {
  loss_increase: 'mean loss above the stored model, nats per target',
  loss_increase_ci95: 'half-width of its 95 % interval',
};

/** A point of a space. */
const POINT: Keys = {
  point: 'number of the point in the space',
  'parameters.**': 'its parameters',
  ...FACTS,
  ...METRIC_KEYS,
  ...LOSS_KEYS,
  loss_targets: 'targets that it is measured on',
  arithmetic: 'what the design computes, in a line',
  accuracy_command: 'the command that measures it again: its `over_stored`',
  file: 'its name, for a built-in design',
  'file.**': 'what a design file of it holds, for others',
  command: 'the command that makes the same numbers again',
  'commands[]': 'the same, one a model, where there are several',
  'notes[]': 'what to know about its numbers',
  'models[].**': 'facts and metrics by model, where there are several',
};

/** One of two results that are compared. */
const SIDE: Keys = {
  file: 'path of the result',
  kind: 'command that made it',
  mugi: 'version that made it',
  rows: 'its rows',
};

/** Of commands that find designs, compare results, answer programs and run others. */
export const EXPLORE_KEYS: Readonly<Record<string, Keys>> = {
  explore: {
    ...MUGI,
    'question.**': 'the space in the words of a space file; long lists by their ends',
    'inputs.**': ORIGIN['inputs.**'],
    space: 'digest of the space, by which finished parts are named',
    points: 'combinations that conditions leave in',
    evaluated: 'those that were evaluated',
    exact: 'true where every point was, and a budget cut no measurement: none outside the front is better',
    infeasible: 'points that break a bound or cannot be built or priced',
    excluded: 'combinations that conditions leave out',
    'unbuildable.points': 'points that cannot be built or priced',
    'unbuildable.reasons.*': 'how many for each reason',
    undefined: 'points without a finite number for an objective',
    'within[].constraint': 'bound, as it was written',
    'within[].count': 'points that break it',
    'within[].alone': 'points that break it and no other',
    'objectives[].metric': 'metric that designs are judged by',
    'objectives[].direction': 'minimise or maximise',
    'objectives[].measured': 'true of the loss, which is known to an interval',
    'models[].model': 'model',
    'models[].weight': 'its share of the tokens',
    'search.budget': 'evaluations of a search, where not every point was evaluated',
    'search.population': 'points of a generation',
    'search.seed': 'seed of the search',
    'loss.model': 'model that losses are measured on',
    'loss.data': 'text, or embedded',
    'loss.targets': 'targets of a whole measurement',
    'loss.seed': 'seed of the order in which the text is measured',
    'loss.budget': 'targets over all arithmetics, at most, where that is bounded',
    'loss.spent': 'targets scored, all arithmetics together',
    'loss.arithmetics[].arithmetic': 'what designs compute, in a line',
    'loss.arithmetics[].standing':
      'front; behind it; outside the bound; beaten before the end, certainly; cut by the budget',
    'loss.arithmetics[].points': 'points inside all other bounds that compute it',
    'loss.arithmetics[].targets': 'targets that it was measured on',
    ...under('loss.arithmetics[].', LOSS_KEYS),
    ...under('front[].', POINT),
    ...under('nearest.', POINT),
    'sensitivity[].design': 'design that the space starts from',
    'sensitivity[].parameter': 'parameter',
    'sensitivity[].values[].value': 'a value of it',
    'sensitivity[].values[].count': 'points inside the bounds that have it',
    'sensitivity[].values[].mean[]': 'their mean of each objective',
    'sensitivity[].values[].best[]': 'the best of each objective among them',
    'sensitivity[].span[]': 'largest mean over the smallest, for each objective',
    'sensitivity[].loss.targets': 'targets that all measured arithmetics ran, on which the loss is compared',
    'sensitivity[].loss.mean[]':
      'mean loss above the stored model of the points that have each value; null where none was measured',
    'sensitivity[].loss.span':
      'largest of these means less the smallest, nats per target; null where fewer than two are known',
    'sensitivity[].loss.span_ci95': 'half-width of its 95 % interval, paired target by target',
  },
  diff: {
    ...MUGI,
    same: 'true where no number moved and both have the same rows',
    ...under('a.', SIDE),
    ...under('b.', SIDE),
    tolerance: 'relative change up to which numbers count as equal',
    compared: 'numbers that both have',
    'reasons[].what': 'question, version, table (of prices), file or measurement',
    'reasons[].name': 'what differs',
    'reasons[].a': 'what it is in the first',
    'reasons[].b': 'what it is in the second',
    'moves[].row': 'row that the number stands in',
    'moves[].number': 'its name',
    'moves[].a': 'its value in the first',
    'moves[].b': 'its value in the second',
    'moves[].change': '(b − a) / |a|; null where a is 0 or either is no number',
    'moves[].within_interval': 'the move is inside what the 95 % intervals of both leave open',
    'moves[].because[].name':
      'key of the question that was changed alone, `together` for what they do beyond their product, or what no question explains',
    'moves[].because[].change': 'relative change that it makes; null where it is not possible alone',
    'only_a[]': 'rows that only the first has',
    'only_b[]': 'rows that only the second has',
    'notes[]': 'why numbers were not evaluated again',
  },
  serve: {
    id: 'the id of the question; null for a line without a readable one',
    ...METRIC_KEYS,
    ...FACTS,
    ...PLACE,
    'notes[]': 'what to know about the workload',
    ...under('error.', ERROR),
  },
  jobs: {
    ...MUGI,
    'jobs[].command': 'the command of a job',
    'jobs[].varied.*': 'what lists in braces put into it, by flag',
    'jobs[].result.**': 'what the command prints as JSON',
    ...under('jobs[].error.', ERROR),
  },
};
