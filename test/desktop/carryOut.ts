// Runs inside a desktop, bundled, as alice: restarts a unit as an approved plan would, and prints the outcome as JSON.
// A line on standard input cancels it. Usage: carryOut UNIT
import { unitStep } from '../../service/actions/units/unitPlan.ts';
import { Connection } from '../../service/dbus/connection.ts';
import { Executor } from '../../service/execution/executor.ts';

const [name = ''] = process.argv.slice(2);
const cancel = new AbortController();
process.stdin.once('data', () => {
    cancel.abort();
});
const executor = new Executor({ open: bus => Connection.open(bus) });
const execution = await executor.run([unitStep('RestartUnit', { scope: 'system', name })], {
    progress: () => undefined,
    signal: cancel.signal,
});
console.log(JSON.stringify(execution));
process.stdin.destroy();
