// The container for the service alone: built by Buildah, and a fault found in a journal that is mounted into it.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildAll } from '../../../build/build.ts';
import { writeContext } from '../../../build/container.ts';
import { isOnPath } from '../../../build/onPath.ts';
import { containerBase, containerFile } from '../../../packaging/container.ts';
import { appendToJournal, EntryWriter, journalRemote } from '../../support/journals.ts';

/** Of Debian's; one that is here already, where none can be fetched. */
const base = process.env.REEVE_TEST_CONTAINER_BASE ?? containerBase;
/** Without namespaces and an overlay, which tests may not have; and with limits that any user may have. */
const environment = { ...process.env, BUILDAH_ISOLATION: 'chroot', STORAGE_DRIVER: 'vfs' };
const limits = ['--ulimit=nproc=4096:4096', '--ulimit=nofile=4096:4096'];
const limit = 400_000;

const buildah = (...argv: string[]) =>
    execFileSync('buildah', argv, {
        env: environment,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: limit,
    });

/** Why it cannot be built here; null when it can. */
function obstacle(): string | null {
    if (process.getuid?.() !== 0) return 'not root';
    if (!isOnPath('buildah')) return 'buildah is not installed here';
    if (!existsSync(journalRemote)) return 'systemd-journal-remote is not installed here';
    const { status, stderr } = spawnSync('buildah', ['pull', '--policy=missing', base], {
        env: environment,
        encoding: 'utf8',
        timeout: limit,
    });
    return status === 0 ? null : `${base} cannot be had: ${stderr.trim().split('\n').at(-1) ?? ''}`;
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
            'ENTRYPOINT ["dbus-run-session", "--config-file=/etc/reeve/b.conf", "--", "/usr/lib/reeve/bin/reeved"]\n',
        );
    });

    it(
        'finds a fault in the journal that it is given',
        async () => {
            const why = obstacle();
            if (why !== null) {
                pending(why);
                return;
            }
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
                // As its entry point does it, with a command beside it.
                const service =
                    'dbus-run-session --config-file=/etc/reeve/bus.conf -- /usr/lib/reeve/bin/reeved --journal /var/log/journal';
                const ask = 'until reeve incidents --json 2>/dev/null | grep sample.service; do sleep 1; done';
                const said = buildah(
                    'run',
                    `--volume=${journal}:/var/log/journal:ro`,
                    container,
                    '--',
                    'sh',
                    '-c',
                    `${service} >&2 & timeout 120 sh -c '${ask}'`,
                );
                const { incidents } = JSON.parse(said) as { incidents: unknown[] };
                expect(incidents).toEqual([
                    jasmine.objectContaining({ subject: 'sample.service', state: 'open', kind: 'exit-code' }),
                ]);
            } finally {
                buildah('rm', container);
                buildah('rmi', image);
            }
        },
        2 * limit,
    );
});
