import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
    link,
    mkdir,
    mkdtemp,
    readdir,
    readFile,
    rm,
    stat,
    symlink,
    truncate,
    utimes,
    writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ReeveError } from '../../../service/util/errors.ts';
import { Library } from '../../../service/modelFiles/library.ts';
import { Models, type Work } from '../../../service/modelFiles/models.ts';
import { writeNote } from '../../../service/modelFiles/partial.ts';
import { desktopRoot } from '../../support/recordedMachine.ts';
import { file, honest, string } from './ggufBytes.ts';

const work = (signal = new AbortController().signal): Work => ({ write: () => undefined, signal });

describe('The library', () => {
    let root: string;
    let folder: string;
    let models: Models;
    let now: number;

    beforeEach(async () => {
        root = await mkdtemp(join(tmpdir(), 'reeve-library-'));
        folder = join(root, 'data', 'models');
        now = 1_700_000_000_000_000;
        models = await reopen();
        await writeFile(join(root, 'a.gguf'), file());
        await writeFile(join(root, 'b.gguf'), named('Another model'));
    });
    afterEach(async () => {
        await models[Symbol.asyncDispose]();
        await rm(root, { recursive: true });
    });

    const reopen = () =>
        Models.open({
            folder,
            machine: { root: desktopRoot(1), system: null, session: null, run: () => Promise.resolve(null) },
            locale: 'en',
            clock: () => (now += 1),
        });
    const named = (name: string) =>
        file({
            entries: [...honest.entries().filter(({ key }) => key !== 'general.name'), string('general.name', name)],
        });
    const left = () => readdir(folder).catch(() => []);
    const add = (name = 'a.gguf') => models.import(join(root, name), work());

    it('is for the user alone, and holds no more than its models', async () => {
        const model = await add();
        expect((await stat(folder)).mode & 0o777).toBe(0o700);
        expect((await stat(model.path)).mode & 0o777).toBe(0o600);
        expect(await readdir(folder)).toEqual(['a-small-model']);
        expect((await readdir(join(folder, 'a-small-model'))).sort()).toEqual(['model.gguf', 'model.json']);
    });

    it('has imported models as files of its own, with checksum and facts, also after a restart', async () => {
        const model = await add();
        expect(model).toEqual(
            jasmine.objectContaining({
                id: 'a-small-model',
                name: 'A small model',
                origin: { kind: 'file', path: join(root, 'a.gguf') },
                installed: 1_700_000_000_000_001,
                sha256: execFileSync('sha256sum', [join(root, 'a.gguf')], { encoding: 'utf8' }).slice(0, 64),
            }),
        );
        await rm(join(root, 'a.gguf'));
        expect((await readFile(model.path)).equals(file())).toBeTrue();
        models = await reopen();
        expect(models.list()).toEqual([model]);
    });

    it('has the same model once, and two of one name under two', async () => {
        await add();
        await link(join(root, 'a.gguf'), join(root, 'c.gguf'));
        expect((await add('c.gguf')).id).toBe('a-small-model');
        await writeFile(join(root, 'd.gguf'), Buffer.concat([file(), Buffer.alloc(64)]));
        expect((await add('d.gguf')).id).toBe('a-small-model-2');
        expect(models.list().length).toBe(2);
    });

    it('names models by their file where the file names none, and never in a way that leads elsewhere', async () => {
        await writeFile(join(root, 'My Model (1).gguf'), named(''));
        expect((await add('My Model (1).gguf')).id).toBe('my-model-1');
        await writeFile(join(root, 'e.gguf'), named('../../etc/passwd'));
        expect((await add('e.gguf')).id).toBe('etc-passwd');
        await writeFile(join(root, 'f.gguf'), named('模型'));
        expect((await add('f.gguf')).id).toBe('model');
    });

    it('follows links, as those in the caches of other programs', async () => {
        await symlink(join(root, 'a.gguf'), join(root, 'link.gguf'));
        const { path } = await add('link.gguf');
        expect((await readFile(path)).equals(file())).toBeTrue();
    });

    it('refuses what is not a regular file, and does not wait for it', async () => {
        execFileSync('mkfifo', [join(root, 'pipe.gguf')]);
        await mkdir(join(root, 'folder.gguf'));
        for (const path of [join(root, 'pipe.gguf'), join(root, 'folder.gguf'), '/dev/zero'])
            await expectAsync(models.import(path, work()))
                .withContext(path)
                .toBeRejectedWithError(ReeveError, /not a regular file/);
        await expectAsync(add('nothing.gguf')).toBeRejectedWithError(ReeveError, /The file .* does not exist/);
        expect(await left()).toEqual([]);
    });

    it('refuses what is no model before it copies any of it', async () => {
        await writeFile(join(root, 'huge.gguf'), 'no model');
        // A sparse file: copying it would fill the disk.
        await truncate(join(root, 'huge.gguf'), 2 ** 43);
        await expectAsync(add('huge.gguf')).toBeRejectedWithError(ReeveError, /not a GGUF file/);
        expect(await left()).toEqual([]);
    });

    it('refuses what there is no space for', async () => {
        await writeFile(join(root, 'large.gguf'), file());
        await truncate(join(root, 'large.gguf'), 2 ** 43);
        await expectAsync(add('large.gguf')).toBeRejectedWithError(ReeveError, /not enough disk space/);
        expect(await left()).toEqual([]);
    });

    it('keeps nothing of an import that was cancelled', async () => {
        const cancelled = AbortSignal.abort(new ReeveError('Cancelled', 'stop'));
        await expectAsync(models.import(join(root, 'a.gguf'), work(cancelled))).toBeRejectedWithError('stop');
        expect(await left()).toEqual([]);
        expect(models.transfers()).toEqual([]);
    });

    it('lets the model that came first do everything, and remembers which was chosen', async () => {
        expect(models.chosen('quick')).toBeNull();
        expect(models.fileFor('hard')).toBeNull();
        const first = await add();
        expect(models.fileFor('hard')).toEqual({
            kind: 'file',
            name: 'A small model',
            path: first.path,
            sha256: first.sha256,
            contextTokens: null,
        });
        await add('b.gguf');
        expect(models.chosen('quick')?.id).withContext('a new one takes nothing from it').toBe(first.id);
        await models.use('hard', 'another-model');
        expect(models.chosen('quick')?.id).withContext('the other role’s').toBe('another-model');
        await models.use('quick', first.id);
        models = await reopen();
        expect([models.chosen('quick')?.id, models.chosen('hard')?.id]).toEqual(['a-small-model', 'another-model']);
        await expectAsync(models.use('quick', 'nothing')).toBeRejectedWithError(ReeveError, /no model nothing/);
    });

    it('forgets a model that is removed, also as the chosen one', async () => {
        const { id } = await add();
        await add('b.gguf');
        await models.use('quick', id);
        await models.remove(id);
        expect(models.list().map(model => model.id)).toEqual(['another-model']);
        expect(models.chosen('quick')?.id).toBe('another-model');
        expect(existsSync(join(folder, id))).toBeFalse();
        await expectAsync(models.remove(id)).toBeRejectedWithError(ReeveError, /no model/);
        expect((await readdir(folder)).sort()).toEqual(['.chosen.json', 'another-model']);
    });

    it('passes over what is damaged and leaves it where it is', async () => {
        const { path } = await add();
        await add('b.gguf');
        await truncate(path, 100);
        await writeFile(join(folder, 'another-model', 'model.json'), '{"id": "../x"}');
        await mkdir(join(folder, 'empty'));
        await writeFile(join(folder, '.chosen.json'), 'nonsense');
        models = await reopen();
        expect(models.list()).toEqual([]);
        expect(existsSync(path)).toBeTrue();
    });

    it('clears away what a crash has left, once nobody can be at it any more', async () => {
        for (const name of ['.import-abc', '.removed-def', '.import-new']) {
            await mkdir(join(folder, name), { recursive: true });
            await writeFile(join(folder, name, 'model.gguf'), 'x');
        }
        const yesterday = new Date(Date.now() - 2 * 86_400_000);
        for (const name of ['.import-abc', '.removed-def']) await utimes(join(folder, name), yesterday, yesterday);
        await Library.open(folder);
        expect(await readdir(folder)).toEqual(['.import-new']);
    });

    it('reports unfinished downloads, and deletes them on request', async () => {
        const partial = join(folder, '.partial-qwen3-0.6b');
        await mkdir(partial, { recursive: true });
        await writeFile(join(partial, 'model.gguf'), Buffer.alloc(1000));
        await writeNote(partial, {
            name: 'Qwen3 0.6B',
            repository: 'owner/name',
            file: 'model.gguf',
            revision: 'a'.repeat(40),
            size: 639_446_688,
            sha256: 'b'.repeat(64),
            etag: null,
        });
        models = await reopen();
        expect(models.transfers()).toEqual([
            {
                id: 'qwen3-0.6b',
                name: 'Qwen3 0.6B',
                kind: 'download',
                received: 1000,
                total: 639_446_688,
                step: '',
                isRunning: false,
            },
        ]);
        await models.remove('qwen3-0.6b');
        expect(models.transfers()).toEqual([]);
        expect(await left()).toEqual([]);
    });
});
