// Makes or undoes a change on a made-up computer and is killed on the way. Usage: changeAndDie.ts DIRECTORY apply|undo MOMENT
import { programsOfPlans } from '../../support/security/programs.ts';
import { pretendPrograms } from '../../support/pretendPrograms.ts';
import { startSteward } from '../../support/security/steward.ts';

const [directory = '', kind = '', moment = ''] = process.argv.slice(2);
const die = (now: string) => {
    if (now === moment) process.kill(process.pid, 'SIGKILL');
};
pretendPrograms(programsOfPlans);
await using steward = await startSteward(directory, null, die);
const [proposal] = steward.proposals.list();
if (proposal === undefined || (kind !== 'apply' && kind !== 'undo')) throw new Error('There is nothing to do');
const progress = (line: string) => {
    if (line === 'Checking that it keeps working') die('checking');
};
const { signal } = new AbortController();
await steward.proposals[kind](proposal.id, proposal.digest, { actor: 'shell', progress, signal });
throw new Error(`nobody died at “${moment}”`);
