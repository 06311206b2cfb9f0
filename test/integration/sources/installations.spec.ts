import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { installationsSource } from '../../../service/faults/packages/watch/installations.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import { SourceBed } from '../../support/sourceRun.ts';

describe('The installations source', () => {
    let bed: SourceBed;
    let listed: string;
    let polls: number;
    beforeEach(() => {
        bed = new SourceBed();
        listed = 'ii |bash\n';
        polls = 0;
        write('var/lib/dpkg/lock', '');
        mkdirSync(join(bed.root, 'var/lib/dpkg/updates'));
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });
    const write = (path: string, text: string) => {
        mkdirSync(dirname(join(bed.root, path)), { recursive: true });
        writeFileSync(join(bed.root, path), text);
    };
    const dpkgStarts = () => {
        write('var/lib/dpkg/lock', '');
    };
    const dpkgQuery = () => {
        polls += 1;
        return Promise.resolve(listed);
    };
    const source = installationsSource(dpkgQuery, { settle: 1, busy: 1 });
    const immediately = () => new Promise(resolve => setImmediate(resolve));

    it('says nothing of what went well', async () => {
        await using run = await bed.start(source);
        const before = polls;
        dpkgStarts();
        while (polls === before) await immediately();
        expect(run.entries).toEqual([]);
    });

    it('waits until dpkg is no longer at work, and reports what it left behind', async () => {
        const { ino } = statSync(join(bed.root, 'var/lib/dpkg/lock'));
        await using run = await bed.start(source);
        // As proc_locks(5) has it; dpkg locks the whole file.
        write('proc/locks', `1: POSIX  ADVISORY  WRITE 4711 08:02:${ino} 0 EOF\n`);
        listed = 'ii |bash\niF |ssh\n';
        write('var/lib/dpkg/updates/0003', 'Package: ssh\n');
        const before = polls;
        dpkgStarts();
        for (let times = 0; times < 50; times += 1) await immediately();
        expect(polls).toBe(before);
        rmSync(join(bed.root, 'proc/locks'));
        const { subject, facts } = await run.entry(({ event }) => event === 'interrupted');
        expect(subject).toBe('packages');
        expect(facts.packages).toBe('ssh');
    });

    it('takes a running dpkg for one at work when its lock cannot be seen', async () => {
        write('proc/4711/comm', 'dpkg\n');
        listed = 'iU |ssh\n';
        const starting = bed.start(source);
        for (let times = 0; times < 50; times += 1) await immediately();
        expect(polls).toBe(0);
        rmSync(join(bed.root, 'proc/4711'), { recursive: true });
        await using run = await starting;
        expect(run.entries.map(({ event }) => event)).toEqual(['interrupted']);
    });

    it('reports packages that could not be set up, once', async () => {
        listed = 'ii |bash\niF |bench-broken\n';
        for (const told of [['half-configured bench-broken'], []]) {
            await using run = await bed.start(source);
            expect(run.entries.map(({ event, subject }) => `${event} ${subject}`)).toEqual(told);
        }
    });

    it('takes for no interruption what was not set up because it lacks other packages, even if apt needs half a minute', async () => {
        const lacking = installationsSource(
            (program, _argv, { timeout = 0 }) => {
                if (program !== 'apt-get') return Promise.resolve('ii |bash\niU |bench-needy\niF |other\n');
                return timeout < 30_000
                    ? Promise.reject(new ReeveError('Unavailable', 'apt-get did not answer'))
                    : Promise.resolve('Remv bench-needy [1.0]\n');
            },
            { settle: 1, busy: 1 },
        );
        await using run = await bed.start(lacking);
        expect(run.entries.map(({ event, subject }) => `${event} ${subject}`)).toEqual(['half-configured bench-needy']);
    });

    it('says nothing of what the next moment puts right', async () => {
        const answers = ['iU |ssh\n', 'ii |ssh\n'];
        const passing = installationsSource(() => Promise.resolve(answers.shift() ?? 'ii |ssh\n'), {
            settle: 1,
            busy: 1,
        });
        await using run = await bed.start(passing);
        expect(answers).toEqual([]);
        expect(run.entries).toEqual([]);
    });

    it('is not there without dpkg', async () => {
        rmSync(join(bed.root, 'var/lib/dpkg'), { recursive: true });
        await using run = await bed.start(source);
        expect(run.source.status.state).toBe('unavailable');
    });
});
