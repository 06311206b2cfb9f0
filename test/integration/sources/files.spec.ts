import { execFileSync } from 'node:child_process';
import {
    appendFileSync,
    chmodSync,
    chownSync,
    closeSync,
    mkdirSync,
    openSync,
    readFileSync,
    readdirSync,
    renameSync,
    rmSync,
    statSync,
    symlinkSync,
    unlinkSync,
    utimesSync,
    writeFileSync,
    writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { files } from '../../../service/sources/files.ts';
import { SourceBed, type SourceRun } from '../../support/sourceRun.ts';

/** Milliseconds: for specs that make files by the thousand, on whatever disk there is. */
const slow = 60_000;
const isOf = (event: string, path: string) => (entry: { event: string; subject: string }) =>
    entry.event === event && entry.subject === path;

describe('The files source', () => {
    let bed: SourceBed;
    let run: SourceRun | null = null;
    const etc = (...parts: string[]) => join(bed.root, 'etc', ...parts);
    const start = async () => (run = await bed.start(files));
    const stop = async () => {
        await run?.[Symbol.asyncDispose]();
        run = null;
    };

    beforeEach(() => {
        bed = new SourceBed();
        mkdirSync(etc('ssh'));
        writeFileSync(etc('ssh/sshd_config'), 'Port 22\nPermitRootLogin no\nUsePAM yes\n');
    });
    afterEach(async () => {
        await stop();
        bed[Symbol.dispose]();
    });

    /** A change that comes last, so that whatever came of those before it is known. */
    async function untilQuiet(seen: SourceRun): Promise<void> {
        const path = etc(`marker${performance.now()}`);
        writeFileSync(path, 'last');
        await seen.entry(isOf('created', path));
    }

    it('takes nothing for removed where it cannot look', async () => {
        await start();
        await stop();
        rmSync(etc('ssh'), { recursive: true });
        // The tests may run as root, whom no permission keeps out; this loop does.
        symlinkSync('ssh', etc('ssh'));
        const seen = await start();
        await untilQuiet(seen);
        expect(seen.entries.filter(({ event }) => event === 'removed')).toEqual([]);
    });

    it('reports an edit with what is different, and keeps both versions', async () => {
        const seen = await start();
        appendFileSync(etc('ssh/sshd_config'), 'Prot 2\n');
        const entry = await seen.entry(isOf('edited', etc('ssh/sshd_config')));
        expect(entry.detail).toBe('@@ -2,2 +2,3 @@\n PermitRootLogin no\n UsePAM yes\n+Prot 2');
        expect(entry.source).toBe('files');
        expect(Math.abs(entry.time - statSync(etc('ssh/sshd_config')).ctimeMs * 1000)).toBeLessThan(1000);
        const { before = '', after = '' } = entry.facts;
        expect((await bed.contents.get(before))?.toString()).toBe('Port 22\nPermitRootLogin no\nUsePAM yes\n');
        expect((await bed.contents.get(after))?.toString()).toContain('Prot 2');
        expect(statSync(join(bed.directory, 'state/contents')).mode & 0o777).toBe(0o700);
    });

    it('takes a file that replaces another for an edit of it, and nothing for one', async () => {
        const seen = await start();
        writeFileSync(etc('ssh/sshd_config~'), 'a backup');
        writeFileSync(etc('ssh/.sshd_config.swp'), 'an editor’s own');
        writeFileSync(etc('ssh/next'), 'Port 2222\n');
        renameSync(etc('ssh/next'), etc('ssh/sshd_config'));
        await seen.entry(isOf('edited', etc('ssh/sshd_config')));
        // Rewritten with the same content: nothing has changed.
        writeFileSync(etc('ssh/sshd_config'), 'Port 2222\n');
        await untilQuiet(seen);
        expect(seen.entries.filter(({ subject }) => subject.startsWith(etc('ssh'))).length).toBe(1);
    });

    it('makes one entry of a burst of writes to a file', async () => {
        const seen = await start();
        const file = openSync(etc('ssh/sshd_config'), 'a');
        for (let line = 0; line < 500; line++) writeSync(file, `# ${line}\n`);
        closeSync(file);
        await seen.entry(isOf('edited', etc('ssh/sshd_config')));
        await untilQuiet(seen);
        expect(seen.entries.filter(isOf('edited', etc('ssh/sshd_config'))).length).toBe(1);
    });

    it('reports renames, removals, links and permissions', async () => {
        const seen = await start();
        writeFileSync(etc('one'), 'one');
        symlinkSync('/usr/share/zoneinfo/UTC', etc('localtime'));
        await seen.entry(isOf('created', etc('one')));
        renameSync(etc('one'), etc('two'));
        const renamed = await seen.entry(isOf('renamed', etc('two')));
        expect(renamed.facts.from).toBe(etc('one'));
        expect(renamed.facts.mode_before).toBe('0:0 0644');
        chmodSync(etc('two'), 0o600);
        const changed = await seen.entry(isOf('permissions', etc('two')));
        expect(changed.summary).toMatch(/changed from 0644 to 0600$/);
        expect(changed.facts.mode_before).toBe('0:0 0644');
        // A user of the system, whom every distribution has.
        chownSync(etc('two'), 1, 0);
        const given = await seen.entry(({ summary }) => summary.includes('owner'));
        expect(given.summary).toMatch(/^The owner of .* changed from root to \w+$/);
        chownSync(etc('two'), 0, 0);
        await seen.entry(({ summary }) => summary.endsWith('to root'));
        unlinkSync(etc('localtime'));
        symlinkSync('/usr/share/zoneinfo/Asia/Tokyo', etc('localtime'));
        const redirected = await seen.entry(isOf('redirected', etc('localtime')));
        expect(redirected.summary).toContain('Asia/Tokyo');
        rmSync(etc('two'));
        const removed = await seen.entry(isOf('removed', etc('two')));
        expect(removed.detail).toContain('-one');
        expect(removed.facts.mode_before).toBe('0:0 0600');
    });

    it('follows directories that appear, move and vanish', async () => {
        const seen = await start();
        mkdirSync(etc('new/deep'), { recursive: true });
        await untilQuiet(seen);
        writeFileSync(etc('new/deep/file'), '1');
        await seen.entry(isOf('created', etc('new/deep/file')));
        renameSync(etc('new'), etc('moved'));
        await seen.entry(isOf('renamed', etc('moved/deep/file')));
        writeFileSync(etc('moved/deep/file'), '2');
        await seen.entry(isOf('edited', etc('moved/deep/file')));
        rmSync(etc('moved'), { recursive: true });
        await seen.entry(isOf('removed', etc('moved/deep/file')));
        // A directory of the same name at once in its place is another one, and is watched as well.
        rmSync(etc('ssh'), { recursive: true });
        mkdirSync(etc('ssh'));
        writeFileSync(etc('ssh/other'), '1');
        await seen.entry(isOf('created', etc('ssh/other')));
        writeFileSync(etc('ssh/other'), '2');
        await seen.entry(isOf('edited', etc('ssh/other')));
    });

    it('waits for places that are not there yet, and for those that come back', async () => {
        const seen = await start();
        const autostart = join(bed.home, '.config/autostart');
        mkdirSync(autostart, { recursive: true });
        writeFileSync(join(autostart, 'a.desktop'), '[Desktop Entry]\n');
        await seen.entry(isOf('created', join(autostart, 'a.desktop')));
        rmSync(autostart, { recursive: true });
        await seen.entry(isOf('removed', join(autostart, 'a.desktop')));
        mkdirSync(autostart);
        writeFileSync(join(autostart, 'b.desktop'), '[Desktop Entry]\n');
        await seen.entry(isOf('created', join(autostart, 'b.desktop')));
        writeFileSync(join(bed.home, '.bashrc'), 'exit\n');
        await seen.entry(isOf('created', join(bed.home, '.bashrc')));
    });

    it('keeps no secrets, no binaries and nothing large, and says so', async () => {
        const seen = await start();
        mkdirSync(etc('NetworkManager/system-connections'), { recursive: true });
        const unkept: [string, string | Buffer][] = [
            ['NetworkManager/system-connections/home', 'psk=hunter22\n'],
            ['app.conf', 'user = joe\npassword = "hunter22"\n'],
            ['site.conf', '-----BEGIN RSA PRIVATE KEY-----\nhunter22\n'],
            ['blob', Buffer.from('hunter22\0')],
            ['huge', Buffer.alloc(300 * 1024, 'hunter22 ')],
        ];
        for (const [name, contents] of unkept) writeFileSync(etc(name), contents);
        for (const [name] of unkept) {
            const entry = await seen.entry(isOf('created', etc(name)));
            expect(entry.facts.after).withContext(name).toBeUndefined();
            expect(entry.detail)
                .withContext(name)
                .toMatch(/^Its contents are not kept/);
        }
        const kept = join(bed.directory, 'state');
        expect(() => execFileSync('grep', ['-rq', 'hunter22', kept])).toThrow();
        expect(readdirSync(join(kept, 'contents')).length).toBeGreaterThan(0);
    });

    it('does not open FIFOs or follow links out of the place, and survives wrong encodings', async () => {
        const seen = await start();
        execFileSync('mkfifo', [etc('fifo')]);
        symlinkSync(join(bed.directory, 'outside'), etc('outside'));
        writeFileSync(join(bed.directory, 'outside'), 'not ours');
        writeFileSync(etc('latin1.conf'), Buffer.from('name=Gr\xf6\xdfe\x1b[31m\u0007\n', 'latin1'));
        const entry = await seen.entry(isOf('created', etc('latin1.conf')));
        expect(entry.detail).toBe('@@ -0,0 +1,1 @@\n+name=Gr��e<U+001B>[31m<U+0007>');
        const exact = await bed.contents.get(entry.facts.after ?? '');
        expect(exact?.toString('latin1')).toBe('name=Gr\xf6\xdfe\x1b[31m\u0007\n');
        await seen.entry(isOf('created', etc('fifo')));
        const link = await seen.entry(isOf('created', etc('outside')));
        expect(link.facts.after).toBeUndefined();
    });

    it('tells at its next start of what changed meanwhile, and the first time of nothing', async () => {
        const first = await start();
        expect(first.entries).toEqual([]);
        await stop();
        writeFileSync(etc('ssh/sshd_config'), 'Port 22\n');
        writeFileSync(etc('fresh'), 'fresh');
        mkdirSync(etc('gone'));
        const second = await start();
        const edited = await second.entry(isOf('edited', etc('ssh/sshd_config')));
        expect(edited.facts.unseen).toBe('true');
        await second.entry(isOf('created', etc('fresh')));
        await stop();
        rmSync(etc('ssh'), { recursive: true });
        const third = await start();
        await third.entry(isOf('removed', etc('ssh/sshd_config')));
        expect(third.entries.length).toBe(1);
    });

    it(
        'reports many at once without a flood',
        async () => {
            const seen = await start();
            mkdirSync(etc('many'));
            // More than are looked at one by one (service/sources/files/fileWatch.ts).
            const count = 1100;
            for (let number = 0; number < count; number++) writeFileSync(etc('many', `file${number}`), `${number}`);
            await seen.entry(({ event }) => event === 'many');
            await untilQuiet(seen);
            const told = seen.entries.reduce((sum, { facts }) => sum + Number(facts.count ?? 1), 0);
            expect(told).toBe(count + 1);
            expect(seen.entries.length).toBeLessThan(500);
        },
        slow,
    );

    it(
        'looks through everything again when the kernel’s queue of events was full',
        async () => {
            const seen = await start();
            const limit = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
            // Nothing is read from the queue before this returns; what comes last finds it full.
            for (let number = 0; number < limit; number++) {
                closeSync(openSync(etc('busy.tmp'), 'w'));
                unlinkSync(etc('busy.tmp'));
            }
            writeFileSync(etc('ssh/sshd_config'), 'Port 2222\n');
            await seen.entry(isOf('edited', etc('ssh/sshd_config')));
            expect(seen.source.status.lost).toBe(1);
        },
        slow,
    );

    it('says when the kernel allows no more watches', () => {
        const program = fileURLToPath(new URL('./watchLimitProgram.ts', import.meta.url));
        const quiet = '--disable-warning=ExperimentalWarning';
        // user_namespaces(7): in a user namespace of its own the limit can be lowered for it alone.
        const script = 'echo 1 >/proc/sys/user/max_inotify_watches && exec "$@"';
        const argv = ['--user', '--map-root-user', 'sh', '-c', script, 'sh', process.execPath, quiet, program];
        const told = execFileSync('unshare', argv, { encoding: 'utf8', timeout: 30_000 });
        expect(JSON.parse(told)).toEqual({
            state: 'watching',
            detail: 'Some directories cannot be watched',
            notices: ['watch-limit'],
        });
    });

    it('forgets contents that nothing reports any more', async () => {
        const seen = await start();
        writeFileSync(etc('one'), 'first');
        const { facts } = await seen.entry(isOf('created', etc('one')));
        await stop();
        rmSync(etc('one'));
        await start();
        expect(await bed.contents.get(facts.after ?? '')).not.toBeNull();
        bed.database.connection.exec('DELETE FROM timeline');
        await stop();
        await start();
        expect(await bed.contents.get(facts.after ?? ''))
            .withContext('a plan may want what was put just now')
            .not.toBeNull();
        utimesSync(bed.contents.path(facts.after ?? ''), 0, 0);
        await stop();
        await start();
        expect(await bed.contents.get(facts.after ?? '')).toBeNull();
    });
});
