import { LossHistory, meanLosses } from './lossHistory';

test('a pass is told when each problem has made it or has ended', () => {
  const told: [number, number][] = [];
  const history = new LossHistory(2, (pass, loss) => told.push([pass, loss]));
  history.add(0, 0, [4, 2]);
  expect(told).toEqual([]);
  history.add(1, 0, [2]);
  expect(told).toEqual([[1, 3]]);
  history.finish({ label: 1, fold: -1, losses: [2] });
  expect(told).toEqual([
    [1, 3],
    [2, 2],
  ]);
  history.finish({ label: 0, fold: -1, losses: [4, 2, 1] });
  expect(told.at(-1)).toEqual([3, 1.5]);
});

test('the history of ended problems is what was told on the way', () => {
  const results = [
    { label: 0, fold: -1, losses: [4, 2, 1] },
    { label: 1, fold: -1, losses: [2] },
  ];
  expect(meanLosses(results)).toEqual([3, 2, 1.5]);
});
