import { bufferSource } from '../../byteSource';
import { randomAt, streamKey } from '../../random/counterRandom';
import { adamwStep, adamwUpdate } from './adamw';
import { clipScale, squaredNorm } from './clipping';
import { GradientSum } from './gradientSum';
import { gradientNorm, Optimizer, type OptimizerOptions } from './optimizer';
import { hasDecay, parameterGroups } from './parameterGroups';
import { learningRate } from './schedule';
import { SavedArrays, type Snapshot, snapshotBytes, snapshotOf } from './snapshot';
import { overlaid } from './sparseAdamW';

const key = streamKey(7);
const noise = (length: number, stream: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => randomAt(streamKey(key, stream), i) / 2 ** 31 - 1);
function run<T>(slices: Generator<void, T>): T {
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
  }
}

describe('AdamW', () => {
  it('gives the values that PyTorch 2.15 gives', () => {
    // torch.optim.AdamW([p], lr=0.1, weight_decay=0.01), p = [1, -2, 0.5], three steps with the
    // gradients [0.1, -0.2, 0], [0.3, 0.1, 0], [-0.5, 0.2, 1e-3]
    const p = Float32Array.of(1, -2, 0.5);
    const [m, v] = [new Float32Array(3), new Float32Array(3)];
    const gradients = [
      [0.1, -0.2, 0],
      [0.3, 0.1, 0],
      [-0.5, 0.2, 1e-3],
    ];
    gradients.forEach((g, i) => {
      adamwUpdate(p, Float32Array.from(g), m, v, 0, 3, adamwStep(i + 1, 0.1, 0.01, {}), 1);
    });
    const expected = [0.8216079473495483, -1.8948686122894287, 0.43462130427360535];
    expected.forEach((value, i) => expect(p[i]).toBeCloseTo(value, 6));
  });

  it('leaves weight decay out of biases and layer norms, and joins neighbours of one kind', () => {
    const groups = parameterGroups(
      [
        { name: 'layer.0.dense.bias', offset: 4, length: 2 },
        { name: 'layer.0.dense.weight', offset: 0, length: 4 },
        { name: 'layer.0.output.LayerNorm.weight', offset: 6, length: 2 },
      ],
      { weightDecay: 0.01 },
    );
    expect(groups).toEqual([
      { offset: 0, length: 4, weightDecay: 0.01 },
      { offset: 4, length: 4, weightDecay: 0 },
    ]);
    expect(hasDecay('transformer.layer.3.sa_layer_norm.weight')).toBe(false);
  });
});

describe('an embedding table', () => {
  const [rows, width, steps] = [12, 3, 600];
  const start = noise(rows * width, 1);
  const options = { weightDecay: 0.02 };
  const rateAt = (step: number): number => 0.005 * (1 - step / (2 * steps));
  /** Row 0 in each step, row 1 every 7, row 2 every 260, row 3 in step 5 only, the others never. */
  const touched = (step: number): number[] =>
    [1, 7, 260]
      .flatMap((every, row) => (step % every === 0 ? [row] : []))
      .concat(step === 5 ? 3 : []);
  const gradient = (step: number): Float32Array => noise(touched(step).length * width, 100 + step);

  const sparse = (
    readAt: (step: number) => boolean,
  ): { table: Float32Array; optimizer: Optimizer } => {
    const table = { values: start, width };
    const optimizer = new Optimizer(
      { dense: new Float32Array(0), tables: [table] },
      { groups: [], tables: [options] },
    );
    for (let step = 0; step < steps; step++) {
      if (readAt(step)) optimizer.tables[0]!.gather(Int32Array.of(3, 1, 9), new Float32Array(9));
      const rows = { rows: Int32Array.from(touched(step)), values: gradient(step) };
      run(optimizer.step({ dense: new Float32Array(0), tables: [rows] }, rateAt(step), 0.5));
    }
    return { table: overlaid(table, run(optimizer.copy()).tables[0]!), optimizer };
  };

  const dense = (): Float32Array => {
    const values = start.slice();
    const [m, v] = [new Float32Array(values.length), new Float32Array(values.length)];
    for (let step = 0; step < steps; step++) {
      const all = new Float32Array(values.length);
      const own = gradient(step);
      touched(step).forEach((row, i) => {
        all.set(own.subarray(i * width, (i + 1) * width), row * width);
      });
      const numbers = adamwStep(step + 1, rateAt(step), options.weightDecay, {});
      adamwUpdate(values, all, m, v, 0, values.length, numbers, 0.5);
    }
    return values;
  };

  it('ends as under AdamW over the whole table, rows long untouched included', () => {
    const expected = dense();
    sparse(() => false).table.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  });

  it('ends the same when rows are read on the way', () => {
    const expected = dense();
    sparse((step) => step % 50 === 0).table.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
  });

  it('gives each row as it is now and never writes the table it began with', () => {
    const before = start.slice();
    const { table, optimizer } = sparse(() => false);
    const all = new Float32Array(rows * width);
    optimizer.tables[0]!.gather(
      Int32Array.from({ length: rows }, (_, i) => i),
      all,
    );
    expect(all).toEqual(table);
    expect(start).toEqual(before);
    expect(() => optimizer.tables[0]!.gather(Int32Array.of(12), all)).toThrow('Row 12');
  });
});

describe('the optimizer', () => {
  const saved = (snapshot: Snapshot<unknown>): SavedArrays =>
    new SavedArrays({ json: snapshot.json, bytes: bufferSource(snapshotBytes(snapshot)) });
  const parameters = { dense: noise(40, 2), tables: [{ values: noise(20, 3), width: 2 }] };
  const options: OptimizerOptions = {
    groups: [
      { offset: 0, length: 30, weightDecay: 0.1 },
      { offset: 30, length: 5, weightDecay: 0 },
    ],
    tables: [{ weightDecay: 0.01 }],
  };
  const gradients = (step: number) => ({
    dense: noise(40, 10 + step),
    tables: [{ rows: Int32Array.of(step % 10, (step + 3) % 10), values: noise(4, 50 + step) }],
  });

  it('goes on from a snapshot to the same bytes', () => {
    const whole = new Optimizer(parameters, options);
    for (let step = 0; step < 9; step++) run(whole.step(gradients(step), 0.01, 1));
    for (let cut = 0; cut < 9; cut++) {
      const first = new Optimizer(parameters, options);
      for (let step = 0; step < cut; step++) run(first.step(gradients(step), 0.01, 1));
      const snapshot = snapshotOf({ steps: first.steps }, first.state());
      const json = JSON.parse(JSON.stringify(snapshot.json)) as typeof snapshot.json;
      const second = new Optimizer(parameters, options);
      second.restore(json.values.steps, saved({ ...snapshot, json }));
      for (let step = cut; step < 9; step++) run(second.step(gradients(step), 0.01, 1));
      expect(snapshotBytes(snapshotOf({}, second.state()))).toEqual(
        snapshotBytes(snapshotOf({}, whole.state())),
      );
    }
  });

  it('leaves parameters outside of all groups as they are', () => {
    const optimizer = new Optimizer(parameters, options);
    run(optimizer.step(gradients(0), 0.01, 1));
    expect(optimizer.dense.subarray(35)).toEqual(parameters.dense.subarray(35));
    expect(optimizer.dense[34]).not.toBe(parameters.dense[34]);
  });

  it('refuses a snapshot of another model, naming the array', () => {
    const optimizer = new Optimizer({ dense: noise(39, 2), tables: parameters.tables }, options);
    const snapshot = snapshotOf({}, new Optimizer(parameters, options).state());
    const arrays = saved(snapshot);
    expect(() => optimizer.restore(0, arrays)).toThrow('"dense" should be 39 × float32, and is 40');
    const cut = bufferSource(new Uint8Array(7));
    expect(() => new SavedArrays({ json: snapshot.json, bytes: cut })).toThrow('7 bytes');
  });

  it('adds the gradients of parts up to that of the whole', () => {
    const optimizer = new Optimizer(parameters, options);
    const sum = new GradientSum(optimizer);
    const row = (values: number[]) => ({
      rows: Int32Array.of(4, 2, 4),
      values: Float32Array.from(values),
    });
    for (let pass = 0; pass < 2; pass++) {
      sum.clear();
      sum.add({ dense: new Float32Array(40).fill(1), tables: [row([1, 2, 3, 4, 5, 6])] }, 3);
      sum.add({ dense: new Float32Array(40).fill(5), tables: [row([1, 1, 1, 1, 1, 1])] }, 1);
      const { gradients, weight } = sum.sum();
      expect(weight).toBe(4);
      expect(gradients.dense).toEqual(new Float32Array(40).fill(8));
      expect([...gradients.tables[0]!.rows]).toEqual([4, 2]);
      expect([...gradients.tables[0]!.values]).toEqual([20, 26, 10, 13]);
    }
  });
});

describe('gradient clipping', () => {
  it('measures all gradients together and scales only what is too long', () => {
    const gradients = {
      dense: Float32Array.of(1, 2, 2, 0, 0),
      tables: [{ rows: Int32Array.of(1), values: Float32Array.of(4, 0) }],
    };
    expect(squaredNorm(gradients.dense)).toBe(9);
    expect(gradientNorm(gradients)).toBe(5);
    expect(clipScale(5, 1)).toBe(0.2);
    expect(clipScale(0.5, 1)).toBe(1);
  });
});

describe('the learning rate', () => {
  const rates = (shape: 'linear' | 'cosine' | 'constant'): number[] =>
    Array.from({ length: 8 }, (_, step) =>
      learningRate(step, { rate: 1, warmupSteps: 3, totalSteps: 8, shape }),
    );

  it('rises during warm-up and then falls as asked, without a step at 0', () => {
    const warm = [0.25, 0.5, 0.75, 1];
    expect(rates('constant')).toEqual([...warm, 1, 1, 1, 1]);
    expect(rates('linear').map((x) => Math.round(x * 1e6) / 1e6)).toEqual([
      ...warm,
      0.8,
      0.6,
      0.4,
      0.2,
    ]);
    const cosine = rates('cosine');
    expect(cosine.slice(0, 4)).toEqual(warm);
    expect(cosine[4]).toBeCloseTo((1 + Math.cos(Math.PI / 5)) / 2, 12);
    expect(Math.min(...cosine)).toBeGreaterThan(0);
  });
});
