// Applies a proposal and is killed on the way. Usage: applyAndDie.ts DIRECTORY MOMENT
import { recorded, recordedUnits, run } from '../../support/recordedUnits.ts';
import { makeLoop, offerRestart } from './loop.ts';

const [directory = '', moment = ''] = process.argv.slice(2);
const die = (now: string) => {
    if (now === moment) process.kill(process.pid, 'SIGKILL');
};

const units = recordedUnits(262);
const loop = makeLoop(directory, units, (_member, name) => {
    die('calling');
    run(recorded(units, name));
    // The system has done it, and the process does not live to hear of it.
    die('done');
    return 'done';
});
const { proposal, incident } = await offerRestart(loop, 'sample-exit.service');
die('offered');
loop.proposals.on('changed', ({ state }) => {
    die(state);
});
loop.incidents.on('changed', ({ state }) => {
    die(state);
});
let lines = 0;
const progress = () => {
    lines += 1;
    die(`line ${lines}`);
};
const { signal } = new AbortController();
await loop.proposals.apply(proposal.id, proposal.digest, { actor: 'shell', progress, signal });
die('finished');
if (moment.startsWith('undo')) {
    loop.proposals.on('changed', ({ state }) => {
        die(`undo ${state}`);
    });
    await loop.proposals.undo(proposal.id, proposal.digest, { actor: 'shell', progress: () => undefined, signal });
}
throw new Error(`nobody died at “${moment}” of incident ${incident.id}`);
