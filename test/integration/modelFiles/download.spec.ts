import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ReeveError, type ErrorCode } from '../../../service/util/errors.ts';
import { download } from '../../../service/modelFiles/download.ts';
import { Hub, type Pinned } from '../../../service/modelFiles/hub.ts';
import type { ModelFacts } from '../../../service/modelFiles/gguf/facts.ts';
import { file } from '../../unit/modelFiles/ggufBytes.ts';
import { oldRevision, revision, sha256Of, startTestHub, type TestHub } from './testHub.ts';

const content = file({}, 3_000_000);
const repository = 'owner/model-GGUF';
const name = 'model-Q4_K_M.gguf';

describe('A download', () => {
    let server: TestHub;
    let hub: Hub;
    let root: string;
    let folder: string;
    let steps: string[];
    let cancellation: AbortController;
    let checked: ModelFacts[];

    beforeEach(async () => {
        server = await startTestHub(content);
        hub = new Hub({ base: server.base, patience: 10_000 });
        root = await mkdtemp(join(tmpdir(), 'reeve-download-'));
        folder = join(root, 'partial');
        await mkdir(folder);
        steps = [];
        checked = [];
        cancellation = new AbortController();
    });

    afterEach(async () => {
        hub[Symbol.dispose]();
        await server[Symbol.asyncDispose]();
        await rm(root, { recursive: true });
    });

    const pin = () => hub.pin({ repository, file: name, revision: null, sha256: null }, cancellation.signal);

    async function start(
        pinned: Pinned,
        {
            received = () => undefined,
            check = (facts: ModelFacts) => checked.push(facts),
            with: from = hub,
        }: { received?: (bytes: number) => void; check?: (facts: ModelFacts) => unknown; with?: Hub } = {},
    ): Promise<ModelFacts> {
        await mkdir(folder, { recursive: true });
        return download({
            hub: from,
            pinned,
            name: 'A small model',
            folder,
            check,
            progress: { received, step: text => steps.push(text) },
            signal: cancellation.signal,
            pauses: [1, 1, 1],
        });
    }

    const arrived = () => readFile(join(folder, 'model.gguf'));

    async function codeOf(attempt: Promise<unknown>): Promise<ErrorCode | 'none'> {
        try {
            await attempt;
            return 'none';
        } catch (error) {
            if (!(error instanceof ReeveError)) throw error;
            return error.code;
        }
    }

    it('is pinned to the commit and the checksum that the hub tells, and arrives whole', async () => {
        const pinned = await pin();
        expect(pinned).toEqual({ repository, file: name, revision, size: content.length, sha256: sha256Of(content) });
        const received: number[] = [];
        const facts = await start(pinned, { received: bytes => received.push(bytes) });
        expect(facts.name).toBe('A small model');
        expect((await arrived()).equals(content)).toBeTrue();
        expect(received.at(-1)).toBe(content.length);
        expect(received).toEqual(received.toSorted((a, b) => a - b));
        expect((await stat(join(folder, 'model.gguf'))).mode & 0o777).toBe(0o600);
        expect(server.fetched.map(({ url }) => url)).toEqual([`/${repository}/resolve/${revision}/${name}`]);
    });

    it('that was complete when everything crashed is not fetched again', async () => {
        const pinned = await pin();
        await start(pinned);
        await start(pinned);
        expect(server.fetched.length).toBe(1);
        expect((await arrived()).equals(content)).toBeTrue();
    });

    it('goes on by itself where it was cut off', async () => {
        server.faults = [{ cutAfter: 1_000_000 }, { cutAfter: 500_000 }];
        await start(await pin());
        expect((await arrived()).equals(content)).toBeTrue();
        expect(server.fetched.length).toBe(3);
        const [first, second, third] = server.fetched.map(({ range }) => Number(/\d+/.exec(range ?? '')?.[0] ?? 0));
        expect(first).toBe(0);
        expect(second).toBeGreaterThan(0);
        expect(third).toBeGreaterThan(second ?? 0);
        expect(server.fetched[1]?.ifRange).toBe('"first"');
    });

    it('can be taken up after everything was stopped', async () => {
        const pinned = await pin();
        server.faults = [{ stallAfter: 1_500_000 }];
        const attempt = start(pinned, {
            received: bytes => {
                if (bytes >= 1_400_000) cancellation.abort(new ReeveError('Cancelled', 'enough'));
            },
        });
        expect(await codeOf(attempt)).toBe('Cancelled');
        const kept = (await arrived()).length;
        expect(kept).toBeGreaterThanOrEqual(1_400_000);
        cancellation = new AbortController();
        await start(pinned);
        expect((await arrived()).equals(content)).toBeTrue();
        expect(server.fetched[1]?.range).toBe(`bytes=${kept}-`);
    });

    it('is given up when nothing new arrives again and again, and what there is, is kept', async () => {
        server.faults = [{ cutAfter: 1_000_000 }, ...Array.from({ length: 9 }, () => ({ status: 503 }))];
        const pinned = await pin();
        expect(await codeOf(start(pinned))).toBe('Unavailable');
        expect(server.fetched.length).toBe(4);
        const kept = (await arrived()).length;
        expect(kept).toBeGreaterThan(0);
        server.faults = [];
        await start(pinned);
        expect((await arrived()).equals(content)).toBeTrue();
        expect(server.fetched.at(-1)?.range).toBe(`bytes=${kept}-`);
    });

    it('notices a server that no longer sends anything', async () => {
        // Milliseconds. On a busy machine it may run out where something is still sent; that costs one attempt more, and as long as
        // anything arrives there is another one.
        using impatient = new Hub({ base: server.base, patience: 500 });
        server.faults = [{ stallAfter: 1_000_000 }];
        await start(await pin(), { with: impatient });
        expect((await arrived()).equals(content)).toBeTrue();
        expect(server.fetched.length).toBeGreaterThan(1);
    });

    it('starts over where the server knows no ranges', async () => {
        server.faults = [{ cutAfter: 1_000_000 }, { ignoresRange: true }];
        await start(await pin());
        expect((await arrived()).equals(content)).toBeTrue();
        expect(server.fetched.length).toBe(2);
    });

    it('starts over when the file is another one by now', async () => {
        const pinned = await pin();
        server.faults = [{ cutAfter: 1_000_000 }, ...Array.from({ length: 9 }, () => ({ status: 503 }))];
        expect(await codeOf(start(pinned))).toBe('Unavailable');
        server.faults = [];
        server.etag = '"second"';
        await start(pinned);
        expect(server.fetched.at(-1)?.ifRange).toBe('"first"');
        expect((await arrived()).equals(content)).toBeTrue();
    });

    it('starts over when the server goes on in another place', async () => {
        server.faults = [{ cutAfter: 1_000_000 }, { sendsWrongRange: true }];
        await start(await pin());
        expect((await arrived()).equals(content)).toBeTrue();
        expect(server.fetched.at(-1)?.range).toBeUndefined();
    });

    it('throws away what has the wrong checksum', async () => {
        server.claimed = { sha256: 'd'.repeat(64) };
        expect(await codeOf(start(await pin()))).toBe('WrongChecksum');
        expect(existsSync(folder)).toBeFalse();
    });

    it('throws away what is damaged on the disk before it goes on', async () => {
        const pinned = await pin();
        server.faults = [{ cutAfter: 1_000_000 }, ...Array.from({ length: 9 }, () => ({ status: 503 }))];
        expect(await codeOf(start(pinned))).toBe('Unavailable');
        const damaged = await arrived();
        damaged[500_000] = (damaged[500_000] ?? 0) ^ 1;
        await writeFile(join(folder, 'model.gguf'), damaged);
        server.faults = [];
        expect(await codeOf(start(pinned))).toBe('WrongChecksum');
        await start(pinned);
        expect((await arrived()).equals(content)).toBeTrue();
    });

    it('takes no more than was announced', async () => {
        const pinned = await pin();
        server.faults = [{ extra: Buffer.alloc(10_000_000) }];
        expect(await codeOf(start(pinned))).toBe('WrongChecksum');
        server.content = Buffer.concat([content, Buffer.alloc(1000)]);
        expect(await codeOf(start(pinned)))
            .withContext('a length that is not the announced one')
            .toBe('WrongChecksum');
    });

    it('of what is no model ends when that can be seen, long before its end', async () => {
        server.content = file({ version: 9 }, 60_000_000);
        const received: number[] = [];
        const attempt = start(await pin(), { received: bytes => received.push(bytes) });
        expect(await codeOf(attempt)).toBe('UnusableModel');
        expect(received.at(-1)).toBeLessThan(2_000_000);
        expect(existsSync(folder)).toBeFalse();
    });

    it('ends when what the file says of itself is not to the liking of who wants it', async () => {
        const attempt = start(await pin(), {
            check: () => {
                throw new ReeveError('DoesNotFit', 'too large');
            },
            received: bytes => {
                expect(bytes).toBeLessThan(2_000_000);
            },
        });
        expect(await codeOf(attempt)).toBe('DoesNotFit');
    });

    it('follows redirects, but not out of encryption nor in circles', async () => {
        server.faults = [{ redirect: '/elsewhere/model.gguf' }];
        await start(await pin());
        expect(server.fetched.map(({ url }) => url)).toEqual([
            `/${repository}/resolve/${revision}/${name}`,
            '/elsewhere/model.gguf',
        ]);
        await rm(folder, { recursive: true });
        for (const redirect of [
            'http://example.org/x',
            'file:///etc/passwd',
            'https://user:secret@example.org/',
            'http://[',
        ]) {
            server.faults = [{ redirect }];
            expect(await codeOf(start(await pin())))
                .withContext(redirect)
                .toBe('Unavailable');
        }
        server.faults = Array.from({ length: 9 }, () => ({ redirect: '/again' }));
        expect(await codeOf(start(await pin()))).toBe('Unavailable');
    });

    it('is refused where the hub refuses, with the reason', async () => {
        const pinned = await pin();
        for (const [status, code, reason] of [
            [401, 'Unavailable', /requires a log-in/],
            [403, 'Unavailable', /requires a log-in/],
            [404, 'NotFound', /does not have/],
            [410, 'NotFound', /does not have/],
            [400, 'Unavailable', /error 400/],
        ] as const) {
            server.faults = [{ status }];
            const attempt = start(pinned);
            expect(await codeOf(attempt))
                .withContext(String(status))
                .toBe(code);
            await expectAsync(attempt).toBeRejectedWithError(reason);
        }
    });

    it('of a file that the hub has replaced does not even begin', async () => {
        const wanted = { repository, file: name, revision: null, sha256: 'e'.repeat(64) };
        expect(await codeOf(hub.pin(wanted, cancellation.signal))).toBe('WrongChecksum');
        expect(server.fetched).toEqual([]);
    });

    it('of a commit that is gone takes the newest, if that has the same file', async () => {
        const wanted = { repository, file: name, revision: oldRevision, sha256: sha256Of(content) };
        expect((await hub.pin(wanted, cancellation.signal)).revision).toBe(revision);
    });

    it('does not begin where the hub cannot be asked', async () => {
        for (const [status, code] of [
            [404, 'NotFound'],
            [401, 'Unavailable'],
            [500, 'Unavailable'],
        ] as const) {
            server.refuse = status;
            const attempt = pin();
            expect(await codeOf(attempt))
                .withContext(String(status))
                .toBe(code);
            await expectAsync(attempt)
                .withContext('no path of ours')
                .toBeRejectedWithError(/^(?!.*\/api\/)/);
        }
        await server[Symbol.asyncDispose]();
        expect(await codeOf(pin())).toBe('Unavailable');
        server = await startTestHub(content);
    });

    it('does not write through a link that somebody has put there', async () => {
        const victim = join(root, 'victim');
        await writeFile(victim, 'precious');
        await symlink(victim, join(folder, 'model.gguf'));
        await expectAsync(start(await pin())).toBeRejected();
        expect(await readFile(victim, 'utf8')).toBe('precious');
    });

    it('that fills the disk frees the space', async () => {
        if (process.getuid?.() !== 0) pending('only root may mount a small file system');
        const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'reeve-test', root]);
        if (mounted.status !== 0) pending(`no small file system could be mounted: ${mounted.stderr.toString().trim()}`);
        try {
            expect(await codeOf(start(await pin()))).toBe('NoSpace');
            expect(await readdir(root)).toEqual([]);
        } finally {
            spawnSync('umount', [root]);
        }
    });
});

describe('The hub', () => {
    it('is spoken to encrypted, or not at all', () => {
        expect(() => new Hub({ base: 'http://example.org' })).toThrowError(/neither an https/);
        expect(() => new Hub({ base: 'ftp://127.0.0.1' })).toThrowError(/neither an https/);
        new Hub({ base: 'https://example.org' })[Symbol.dispose]();
    });
});
