// Runs the files source where inotify has hardly a watch to give, and prints how it is doing.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { files } from '../../../service/sources/files.ts';
import { SourceBed } from '../../support/sourceRun.ts';

using bed = new SourceBed();
mkdirSync(join(bed.root, 'etc/ssh'));
await using run = await bed.start(files);
const { state, detail } = run.source.status;
console.log(JSON.stringify({ state, detail, notices: [...run.notices.keys()] }));
