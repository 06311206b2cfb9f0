// Makes one of the changes of what Reeve keeps, and meets trouble on the way. Usage: keepAndDie.ts DIRECTORY CHANGE N before|after|full
import { dieAtWrite, type Trouble } from '../../support/dieAtWrite.ts';
import { changes, keptIn } from '../../support/security/keptChanges.ts';

const [directory = '', name = '', wanted = '', trouble = ''] = process.argv.slice(2);
const change = changes[name];
if (change === undefined) throw new Error(`There is no change ${name}`);
const run = await change.load();
const count = await dieAtWrite(Number(wanted), trouble as Trouble);
try {
    await run(keptIn(directory));
} catch (error) {
    if (trouble !== 'full') throw error;
}
process.stdout.write(String(count()));
