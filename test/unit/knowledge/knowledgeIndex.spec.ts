import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    symlinkSync,
    utimesSync,
    writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';

import { KnowledgeIndex, removeIndex, withIndex } from '../../../service/knowledge/knowledgeIndex.ts';
import { isClear, search } from '../../../service/knowledge/search.ts';
import { dataFolders, findSources } from '../../../service/knowledge/sources.ts';

describe('The index of the documentation', () => {
    let root: string;
    let folder: string;
    const signal = new AbortController().signal;

    const write = (path: string, content: string | Buffer) => {
        const file = join(root, 'share', path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
        return file;
    };
    const manual = (name: string, summary: string, ...text: string[]) =>
        [`.TH ${name} 1`, '.SH NAME', `${name} \\- ${summary}`, '.SH OPTIONS', ...text].join('\n');
    const sources = () => findSources(signal, [join(root, 'share')]);
    const titles = (index: KnowledgeIndex, question: string) => search(index, question, 5).map(({ title }) => title);

    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-knowledge-'));
        folder = join(root, 'knowledge');
        write(
            'man/man1/unpack.1.gz',
            gzipSync(manual('unpack', 'take files out of an archive', '.TP', '-x', 'Extract.')),
        );
        write('man/man8/format.8', manual('format', 'make a file system'));
        write('man/man3/unpack.3', manual('unpack', 'a function'));
        write('doc/backup/README.Debian', 'Backups\n=======\nAre made each night of all archives.\n');
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    it('finds pages by what they say, best first, with the passage that fits', async () => {
        using index = KnowledgeIndex.open(folder);
        await index.update(await sources(), { signal });
        expect(index.pages).toBe(3);
        expect(search(index, 'How do I extract an archive?', 5)).toEqual([
            jasmine.objectContaining({ title: 'unpack(1)', heading: 'Options', text: '-x\nExtract.', kind: 'manual' }),
            jasmine.objectContaining({ title: 'README.Debian (backup)', heading: 'Backups', kind: 'document' }),
        ]);
        expect(titles(index, 'file systems')[0]).toBe('format(8)');
        expect(search(index, 'weather', 5)).toEqual([]);
        expect(search(index, '" OR * NEAR( -', 5)).toEqual([]);
        expect(search(index, '', 5)).toEqual([]);
    });

    it('ranks by the words of whole pages, also where no passage has them', async () => {
        write('man/man1/a.1', '.TH A 1\n.SH NAME\na \\- thing\n.SH SYNOPSIS\na MEMBER\n');
        using index = KnowledgeIndex.open(folder);
        await index.update(await sources(), { signal });
        const [best] = search(index, 'member', 1);
        // More than what any page of a command gets.
        expect(best?.score).toBeGreaterThan(2.5);
    });

    it('reads again only what has changed, and forgets what is gone', async () => {
        using index = KnowledgeIndex.open(folder);
        const read: number[] = [];
        const progress = (_done: number, total: number) => read.push(total);
        await index.update(await sources(), { signal, progress });
        await index.update(await sources(), { signal, progress });
        expect(read).toEqual([3]);
        const file = write('man/man8/format.8', manual('format', 'make a partition'));
        utimesSync(file, new Date(), new Date(Date.now() + 5000));
        rmSync(join(root, 'share/doc'), { recursive: true });
        await index.update(await sources(), { signal, progress });
        expect(read).toEqual([3, 1]);
        expect(search(index, 'extract', 5)).toEqual([jasmine.objectContaining({ text: '-x\nExtract.' })]);
        expect([titles(index, 'partition'), titles(index, 'system'), titles(index, 'night')]).toEqual([
            ['format(8)'],
            [],
            [],
        ]);
    });

    it('goes on where it was cut off, and can be searched in between', async () => {
        for (let number = 0; number < 120; number += 1)
            write(`man/man1/page${number}.1`, manual(`page${number}`, 'a word'));
        const controller = new AbortController();
        {
            using index = KnowledgeIndex.open(folder);
            const stop = () => {
                controller.abort();
            };
            await index.update(await sources(), { signal: controller.signal, progress: stop });
            expect(index.pages).toBe(50);
            expect(titles(index, 'word')).toHaveSize(5);
        }
        using index = KnowledgeIndex.open(folder);
        const totals = new Set<number>();
        await index.update(await sources(), { signal, progress: (_done, total) => totals.add(total) });
        expect([index.pages, [...totals]]).toEqual([123, [73]]);
    });

    it('is for its owner alone, and made again when it is damaged, of another version or removed', async () => {
        const search = () =>
            withIndex(folder, async index => {
                await index.update(await sources(), { signal });
                return titles(index, 'archive');
            });
        const expected = ['unpack(1)', 'README.Debian (backup)'];
        expect(await search()).toEqual(expected);
        const file = join(folder, 'index.db');
        expect([statSync(folder).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
        const size = statSync(file).size;
        writeFileSync(file, 'no database at all, but some text that is long enough to be read as one'.repeat(100));
        expect(await search()).toEqual(expected);
        const bytes = Buffer.alloc(size, 0xa5);
        readFileSync(file).copy(bytes, 0, 0, 4096);
        writeFileSync(file, bytes);
        expect(await search()).toEqual(expected);
        const other = new DatabaseSync(file);
        other.exec('PRAGMA user_version = 999');
        other.close();
        expect(await search()).toEqual(expected);
        removeIndex(folder);
        expect(readdirSync(folder)).toEqual(['lock.db']);
        expect(await search()).toEqual(expected);
        expect(existsSync(file)).toBeTrue();
    });

    it('is updated by one process at a time', async () => {
        using index = KnowledgeIndex.open(folder);
        using second = KnowledgeIndex.open(folder);
        const found = await sources();
        const first = index.update(found, { signal });
        await expectAsync(second.update(found, { signal })).toBeRejectedWith(
            jasmine.objectContaining({ code: 'Busy' }),
        );
        await first;
        expect(titles(second, 'archive')[0]).toBe('unpack(1)');
    });

    it('leaves out what cannot be read: binary, damaged and vanished files', async () => {
        write('man/man1/binary.1', Buffer.from([0x2e, 0, 1, 2]));
        write('man/man1/damaged.1.gz', gzipSync(manual('damaged', 'cut off')).subarray(0, 30));
        write('man/man1/bomb.1.gz', gzipSync(Buffer.alloc(50_000_000, '.')));
        const gone = write('man/man1/gone.1', manual('gone', 'gone'));
        const found = await sources();
        rmSync(gone);
        using index = KnowledgeIndex.open(folder);
        await index.update(found, { signal });
        expect(index.pages).toBe(3);
    });

    it('goes on after a file that cannot be read, and tries it again', async () => {
        // The loopback interface has no speed: EINVAL (drivers/net/loopback.c of Linux).
        const bad = '/sys/class/net/lo/speed';
        using index = KnowledgeIndex.open(folder);
        const failures: string[] = [];
        const failed = (path: string) => failures.push(path);
        const found = [{ path: bad, kind: 'document' as const }, ...(await sources())];
        await index.update(found, { signal, failed });
        expect([index.pages, failures]).toEqual([3, [bad]]);
        expect(existsSync(join(folder, 'complete'))).toBeTrue();
        await index.update(found, { signal, failed });
        expect(failures).toEqual([bad, bad]);
    });

    it('follows links that stay in its folders, and has each file once', async () => {
        const share = join(root, 'share');
        const outside = join(root, 'outside');
        mkdirSync(outside);
        writeFileSync(join(outside, 'secret.1'), manual('secret', 'an archive'));
        write('store/man1/linked.1', manual('linked', 'from the store'));
        write('alternatives/README.Debian', 'Alternatives\n============\nAre links.\n');
        mkdirSync(join(root, 'other/man'), { recursive: true });
        const link = (target: string, path: string) => {
            symlinkSync(target, join(root, path));
        };
        // As Debian's alternatives: through a folder elsewhere, back to a page.
        link(join(share, 'man/man1/unpack.1.gz'), 'outside/editor.1.gz');
        link(join(outside, 'editor.1.gz'), 'share/man/man1/editor.1.gz');
        link('unpack.1.gz', 'share/man/man1/alias.1.gz');
        // As NixOS: a whole folder.
        link(join(share, 'store/man1'), 'other/man/man1');
        link(join(share, 'alternatives'), 'share/doc/alternatives');
        link(join(outside, 'secret.1'), 'share/man/man1/secret.1');
        link('nothing.1', 'share/man/man1/nothing.1');
        link('circle.1', 'share/man/man1/circle.1');
        const found = await findSources(signal, [share, join(root, 'other')]);
        expect(found.map(({ path }) => path.slice(root.length)).sort()).toEqual([
            '/share/alternatives/README.Debian',
            '/share/doc/backup/README.Debian',
            '/share/man/man1/unpack.1.gz',
            '/share/man/man8/format.8',
            '/share/store/man1/linked.1',
        ]);
        write('notes/deep/a.md', '# Heating');
        write('notes/.hidden/c.md', '# Heating');
        link('deep', 'share/notes/again');
        link('..', 'share/notes/deep/up');
        link('.hidden', 'share/notes/shown');
        link(outside, 'share/notes/outside');
        const own = await findSources(signal, [], [join(share, 'notes')]);
        expect(own.map(({ path }) => path.slice(root.length))).toEqual(['/share/notes/deep/a.md']);
    });

    it('is looked for no longer once nobody wants it', async () => {
        const controller = new AbortController();
        controller.abort();
        await expectAsync(findSources(controller.signal, [join(root, 'share')])).toBeRejectedWithError(/abort/);
        using index = KnowledgeIndex.open(folder);
        await index.update(await sources(), { signal });
        await index.update([], { signal: controller.signal });
        expect(index.pages).withContext('an update that was cut off forgets nothing').toBe(3);
    });

    it('is not removed under an update, and what was removed is not complete', async () => {
        using index = KnowledgeIndex.open(folder);
        const found = await sources();
        const update = index.update(found, { signal });
        expect(() => {
            removeIndex(folder);
        }).toThrow(jasmine.objectContaining({ code: 'Busy' }));
        await update;
        removeIndex(folder);
        await expectAsync(index.update(found, { signal })).toBeRejectedWith(jasmine.objectContaining({ code: 'Busy' }));
        expect(readdirSync(folder)).toEqual(['lock.db']);
    });

    it('has the documents in folders of the user, except what is hidden or may be secret', async () => {
        for (const name of [
            'notes/a.md',
            'notes/deep/er/b.txt',
            'notes/.git/c.md',
            'notes/.d.md',
            'notes/e.bin',
            'notes/passwords.txt',
        ])
            write(name, '# Heating\nHow to bleed a radiator.');
        write('notes/broken.pdf', '%PDF-1.4 nothing');
        const own = [join(root, 'share/notes'), join(root, 'share/nowhere')];
        using index = KnowledgeIndex.open(folder);
        await index.update(await findSources(signal, [], own), { signal });
        expect(search(index, 'bleed radiator', 9).map(({ title, heading }) => [title, heading])).toEqual([
            ['a.md (notes)', 'Heating'],
            ['b.txt (er)', 'Heating'],
        ]);
    });

    it('is clear about a question only with all of its words, most of them of the subject', async () => {
        for (let number = 0; number < 20; number += 1)
            write(`man/man1/page${number}.1`, manual(`page${number}`, 'other'));
        using index = KnowledgeIndex.open(folder);
        await index.update(await sources(), { signal });
        const isAnswer = (question: string) => {
            const [best] = search(index, question, 1);
            return best !== undefined && isClear(index, question, best);
        };
        const clear = ['how do I extract files from an archive', 'what does unpack -x do', 'make a file system'];
        const unclear = ['extract a tooth from an archive', 'each night', 'archive', 'what is a cat', ''];
        expect([clear.map(isAnswer), unclear.map(isAnswer)]).toEqual([clear.map(() => true), unclear.map(() => false)]);
    });

    it('is of the folders of the XDG Base Directory Specification', () => {
        expect(dataFolders({})).toEqual(['/usr/local/share', '/usr/share']);
        expect(dataFolders({ XDG_DATA_DIRS: '/opt/share:relative:/usr/share:' })).toEqual(['/opt/share', '/usr/share']);
    });
});
