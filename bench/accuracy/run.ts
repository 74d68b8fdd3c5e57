import { fiveSets } from './datasets';
import { everyPair, measureAll } from './measureAll';
import { systems } from './systems';

/**
 * Accuracy of the `fast` model beside its peers: one JSON line per (system, set).
 *
 *   node dist/bench/accuracy/run.js [SET,SET…] [SYSTEM,SYSTEM…]
 */
const sets = process.argv[2]?.split(',') ?? fiveSets;
const names = process.argv[3]?.split(',') ?? Object.keys(systems);
measureAll('accuracy', everyPair(sets, names), systems);
