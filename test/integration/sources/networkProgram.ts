// Runs the network or the devices source and makes the changes that it is given, one after the other; prints what was told
// of each as [kind, event, subject]. "until EVENT" among them waits until that was told, or "until lost" that something was lost. After each it makes an interface of its own, which tells that all before it was told.
import { execFileSync } from 'node:child_process';
import { devices } from '../../../service/sources/devices.ts';
import { network } from '../../../service/sources/network.ts';
import { SourceBed } from '../../support/sourceRun.ts';

const [source, ...changes] = process.argv.slice(2);
using bed = new SourceBed();
await using run = await bed.start(source === 'devices' ? devices : network);
const told: string[][][] = [];
let from = 0;
for (const [index, change] of changes.entries()) {
    const [, awaited] = /^until (\S+)$/.exec(change) ?? [];
    if (awaited === 'lost') await run.until(() => run.source.status.lost > 0);
    else if (awaited !== undefined) await run.entry(({ event }) => event === awaited);
    else execFileSync('sh', ['-c', change]);
    const marker = `marker${index}`;
    execFileSync('ip', ['link', 'add', marker, 'type', 'veth', 'peer', 'name', `veth${index}`]);
    await run.entry(({ subject }) => subject === marker);
    const isOfMarker = ({ subject }: { subject: string }) => /^(?:marker|veth\d)/.test(subject);
    const since = run.entries.slice(from).filter(entry => !isOfMarker(entry));
    from = run.entries.length;
    told.push(since.map(({ kind, event, subject }) => [kind, event, subject]));
}
console.log(JSON.stringify(told));
