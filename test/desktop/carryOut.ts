// Runs inside a desktop, bundled, as alice: restarts a unit as an approved plan would, and prints the outcome as JSON;
// of several, each in turn, after the manager has read its files again. A line on standard input cancels it. Usage: carryOut UNIT…
import { reloadStep, unitStep } from '../../service/actions/units/unitPlan.ts';
import { Connection } from '../../service/dbus/connection.ts';
import { Executor } from '../../service/execution/executor.ts';

const names = process.argv.slice(2);
const cancel = new AbortController();
process.stdin.once('data', () => {
    cancel.abort();
});
const executor = new Executor({ open: bus => Connection.open(bus) });
const restarts = names.map(name => unitStep('RestartUnit', { scope: 'system', name }));
const execution = await executor.run(names.length > 1 ? [reloadStep('system'), ...restarts] : restarts, {
    progress: () => undefined,
    signal: cancel.signal,
});
console.log(JSON.stringify(execution));
process.stdin.destroy();
