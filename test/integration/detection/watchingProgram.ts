// The watching half of the service over a journal in a folder, as a process that can be killed.
// Usage: watchingProgram.ts STATE-DIRECTORY JOURNAL-DIRECTORY [before|after|amid NUMBER]. Prints a line for each thing that
// happens, and kills itself right before or after the commit with that number, or some time after the line with it.
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';

import { NewErrors } from '../../../service/detection/newErrors.ts';
import { Watcher } from '../../../service/detection/watcher.ts';
import { families } from '../../../service/faults/index.ts';
import { Incidents } from '../../../service/incidents/incidents.ts';
import { log } from '../../../service/util/log.ts';
import { Journal } from '../../../service/journal/journal.ts';
import { Database } from '../../../service/store/database.ts';
import { Systemd } from '../../../service/machine/units/systemd.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';
import { UnitChanges } from '../../../service/timeline/unitChanges.ts';

const [stateDirectory, journalDirectory, moment, number] = process.argv.slice(2);
if (stateDirectory === undefined || journalDirectory === undefined) throw new Error('two folders are needed');

// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its object
const execute = DatabaseSync.prototype.exec;
let commits = 0;
DatabaseSync.prototype.exec = function (sql) {
    const isTheOne = sql === 'COMMIT' && ++commits === Number(number);
    if (isTheOne && moment === 'before') process.kill(process.pid, 'SIGKILL');
    execute.call(this, sql);
    if (isTheOne && moment === 'after') process.kill(process.pid, 'SIGKILL');
};

// From a thread of its own, so that nobody knows what is being done at that moment. Who reads the lines may come too late for that.
const sign = new Int32Array(new SharedArrayBuffer(4));
const killing = `const { workerData } = require('node:worker_threads');
    Atomics.wait(workerData, 0, 0);
    process.kill(process.pid, 'SIGKILL');`;
if (moment === 'amid') {
    const killer = new Worker(killing, { eval: true, workerData: sign });
    // One that starts late would find the work done.
    await once(killer, 'online');
    killer.unref();
}
let lines = 0;
const say = (line: string) => {
    process.stdout.write(`${line}\n`);
    if (moment !== 'amid' || ++lines !== Number(number)) return;
    Atomics.store(sign, 0, 1);
    Atomics.notify(sign, 0);
};
using database = Database.open(stateDirectory, log).database;
const timeline = new Timeline({ database });
const incidents = new Incidents({
    families,
    database,
    timeline,
    noise: () => ({ perHour: 5, minimumSeverity: 'medium' }),
});
const journal = new Journal({ kind: 'directory', path: journalDirectory });
incidents.on('added', ({ id, subject }) => {
    say(`added ${id} ${subject}`);
});
incidents.on('changed', ({ id, count }) => {
    say(`changed ${id} ${count}`);
});
journal.on('status', ({ state, lost }) => {
    say(`journal ${state} ${lost}`);
});

const watcher = new Watcher({
    families,
    database,
    incidents,
    timeline,
    systemd: new Systemd({ system: null, session: null }),
    journal,
    managers: [],
    unitChanges: new UnitChanges({ timeline }),
    newErrors: new NewErrors({ database, timeline, isExplained: () => false }),
    check: () => Promise.resolve({ gone: false, detail: '' }),
    isIgnored: () => false,
    uid: null,
});
const stop = new AbortController();
process.once('SIGTERM', () => {
    stop.abort();
});
await watcher.run(stop.signal);
