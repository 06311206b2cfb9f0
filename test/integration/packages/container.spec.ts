// The container for the service alone: built by Buildah, and a fault found in a journal that is mounted into it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildAll } from '../../../build/build.ts';
import { writeContext } from '../../../build/container.ts';
import { containerBase, containerEntry, containerFile } from '../../../packaging/container.ts';
import { DesktopUnavailable, smallDebian } from '../../desktop/image.ts';
import { ensureHostPackages } from '../../support/hostPackages.ts';
import { appendToJournal, EntryWriter, journalRemote } from '../../support/journals.ts';

/** Another than Debian's, in the environment. */
const otherBase = process.env.REEVE_TEST_CONTAINER_BASE;
const ownBase = 'localhost/reeve-test-base';
/** Without namespaces and an overlay, which tests may not have; and with limits that any user may have. */
const environment = { ...process.env, BUILDAH_ISOLATION: 'chroot', STORAGE_DRIVER: 'vfs' };
const limits = ['--ulimit=nproc=4096:4096', '--ulimit=nofile=4096:4096'];
const limit = 600_000;

const buildah = (...argv: string[]) =>
    execFileSync('buildah', argv, {
        env: environment,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: limit,
    });

/** What it is built on; why it cannot be built here, when it cannot. */
async function findBase(): Promise<{ base: string } | { obstacle: string }> {
    if (process.getuid?.() !== 0) return { obstacle: 'not root' };
    const missing = ensureHostPackages({ buildah: 'buildah', [journalRemote]: 'systemd-journal-remote' });
    if (missing.length > 0) return { obstacle: `${missing.join(', ')} not installed here` };
    const wanted = otherBase ?? containerBase;
    const { status, stderr } = spawnSync('buildah', ['pull', '--policy=missing', wanted], {
        env: environment,
        encoding: 'utf8',
        timeout: limit,
    });
    if (status === 0) return { base: wanted };
    const why = `${wanted} cannot be had: ${stderr.trim().split('\n').at(-1) ?? ''}`;
    if (otherBase !== undefined) return { obstacle: why };
    // Where only Debian's own mirrors are reached.
    try {
        const archive = await smallDebian('trixie');
        const container = buildah('from', 'scratch').trim();
        buildah('add', container, archive);
        buildah('commit', '--rm', container, ownBase);
        return { base: ownBase };
    } catch (error) {
        if (!(error instanceof DesktopUnavailable)) throw error;
        return { obstacle: `${why}; ${error.message}` };
    }
}

describe('The container', () => {
    let scratch: string;
    beforeAll(() => {
        scratch = mkdtempSync(join(tmpdir(), 'reeve-container-'));
    });
    afterAll(() => {
        rmSync(scratch, { recursive: true });
    });

    it('has the package, a bus of its own and the service', () => {
        const text = containerFile({ deb: 'a.deb', bus: 'b.conf' });
        expect(text).toContain('COPY a.deb /tmp/\nCOPY b.conf /etc/reeve/\n');
        expect(text).toContain(
            'ENTRYPOINT ["sh","-c","dbus-daemon --config-file=/etc/reeve/b.conf --fork && exec /usr/lib/reeve/bin/reeved \\"$@\\"","reeved"]\n',
        );
    });

    it(
        'finds a fault in the journal that it is given, and ends when it is asked to',
        async () => {
            const found = await findBase();
            if ('obstacle' in found) {
                pending(found.obstacle);
                return;
            }
            const { base } = found;
            const [context, journal] = ['context', 'journal'].map(name => join(scratch, name)) as [string, string];
            for (const folder of [context, journal]) mkdirSync(folder);
            await writeContext(await buildAll(), { out: context, quick: true });
            expect(readFileSync(join(context, 'bus.conf'), 'utf8')).toContain(
                '<listen>unix:path=/run/reeve-bus</listen>',
            );
            const writer = new EntryWriter(Date.now() * 1000);
            await appendToJournal(journal, writer.failure('sample.service', 1));

            const image = 'localhost/reeve-test';
            buildah('build', ...limits, '--network=host', `--build-arg=BASE=${base}`, `--tag=${image}`, context);
            const container = buildah('from', ...limits, image).trim();
            try {
                // Without a namespace of its own for processes, the bus would outlast the service.
                const endBus =
                    'for each in /proc/[0-9]*; do if grep -qx dbus-daemon $each/comm && [ $each/root -ef / ]; then kill ${each#/proc/}; fi; done';
                const ask = 'until reeve incidents --json 2>/dev/null | grep sample.service; do sleep 1; done';
                const said = buildah(
                    'run',
                    `--volume=${journal}:/var/log/journal:ro`,
                    container,
                    '--',
                    ...['sh', '-c', `"$@" >&2 & timeout 120 sh -c '${ask}'; kill $!; wait $!; ${endBus}`, 'sh'],
                    ...[...containerEntry('bus.conf'), '--journal', '/var/log/journal'],
                );
                const { incidents } = JSON.parse(said) as { incidents: unknown[] };
                expect(incidents).toEqual([
                    jasmine.objectContaining({ subject: 'sample.service', state: 'open', kind: 'exit-code' }),
                ]);
            } finally {
                buildah('rm', container);
                buildah('rmi', image);
                if (base === ownBase) buildah('rmi', base);
            }
        },
        2 * limit,
    );
});
