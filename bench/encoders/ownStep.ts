/** Our side of step.ts: `node ownStep.js ROWS LENGTH THREADS`; answers `run` with a step's milliseconds. */
import { answerLines } from '../support/answerLines';
import { stepper } from './miniLm';

const [rows, length, threads] = process.argv.slice(2).map(Number) as [number, number, number];
const own = stepper(rows, length, threads);
void answerLines({ run: () => own.step() }).then(() => own.close());
