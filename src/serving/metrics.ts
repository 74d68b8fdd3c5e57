import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What serving counts for Prometheus, by model. */
export class ServingMetrics {
  private readonly requests: Counter<'model_id' | 'status'>;
  private readonly items: Counter<'model_id'>;
  private readonly seconds: Histogram<'model_id'>;

  constructor(
    private readonly registry: Registry,
    gauges: { loaded: () => number; failing: () => number; waiting: () => number },
  ) {
    const registers = [registry];
    this.requests = new Counter({
      name: 'trainyard_predict_requests_total',
      help: 'Predict requests by HTTP status.',
      labelNames: ['model_id', 'status'],
      registers,
    });
    this.items = new Counter({
      name: 'trainyard_answered_items_total',
      help: 'What deployed models were given and answered: texts, for instance.',
      labelNames: ['model_id'],
      registers,
    });
    this.seconds = new Histogram({
      name: 'trainyard_predict_seconds',
      help: 'Time from the body of a predict request to its answer.',
      labelNames: ['model_id'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    });
    gauge(registry, 'trainyard_serving_models_loaded', 'Models in memory.', gauges.loaded);
    gauge(
      registry,
      'trainyard_serving_models_failing',
      'Deployed models that this process cannot load.',
      gauges.failing,
    );
    gauge(
      registry,
      'trainyard_serving_items_waiting',
      'Of what was given, so much waits.',
      gauges.waiting,
    );
  }

  request(modelId: string, status: number): void {
    this.requests.inc({ model_id: modelId, status: String(status) });
  }

  answered(modelId: string, items: number, seconds: number): void {
    this.items.inc({ model_id: modelId }, items);
    this.seconds.observe({ model_id: modelId }, seconds);
  }

  /** The series of one model, as Prometheus reads them. */
  async textOf(modelId: string): Promise<string> {
    const mine = `model_id="${modelId}"`;
    const all = await this.registry.metrics();
    return all
      .split('\n')
      .filter((line) => line.includes(mine))
      .join('\n')
      .concat('\n');
  }

  /** The series of a model that is served no longer; with many models they would pile up. */
  async forget(modelId: string): Promise<void> {
    this.items.remove({ model_id: modelId });
    this.seconds.remove({ model_id: modelId });
    for (const { labels } of (await this.requests.get()).values) {
      if (labels.model_id === modelId) this.requests.remove(labels as Required<typeof labels>);
    }
  }
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}
