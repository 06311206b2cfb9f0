import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { localRule } from '../../support/localRule.ts';
import { EntryWriter } from '../../support/journals.ts';
import { run } from '../../support/program.ts';

const program = fileURLToPath(new URL('../../../service/cli/main.ts', import.meta.url));

describe('reeve faults', () => {
    let root: string;
    let file: string;

    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-faults-'));
        const folder = join(root, 'config', 'reeve', 'faults.d');
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        file = join(folder, 'backup.yaml');
        writeFileSync(file, localRule, { mode: 0o600 });
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    const reeve = async (...args: string[]) => {
        const env = { PATH: process.env.PATH, HOME: root, XDG_CONFIG_HOME: join(root, 'config'), LANG: 'C.UTF-8' };
        const argv = [process.execPath, '--disable-warning=ExperimentalWarning', program, ...args];
        return await run(argv, { env });
    };
    const faults = (...args: string[]) => reeve('faults', ...args);
    const json = async (...args: string[]) => {
        const { code, output } = await faults(...args, '--json');
        return { code, value: JSON.parse(output) as Record<string, unknown> };
    };

    it('lists every fault, and those of this computer alone', async () => {
        const all = await faults('list');
        expect(all.code).toBe(0);
        expect(all.output).toContain('bluetooth/adapter');
        expect(all.output).toContain('local:backup/locked  The backup did not run');
        const { code, value } = await json('list', '--local');
        expect(code).toBe(0);
        expect(value).toEqual({
            faults: [jasmine.objectContaining({ family: 'local:backup', kind: 'locked', local_rule: `${file}:5` })],
            problems: [],
        });
    });

    it('shows lines, who says so, and what is done about it', async () => {
        const own = await faults('show', 'bluetooth/adapter');
        expect(own.code).toBe(0);
        expect(own.output).toContain('kernel');
        expect(own.output).toContain('Bluetooth: {adapter}: command {} tx timeout');
        expect(own.output).toContain('unit.restart');
        const local = await faults('show', 'local:backup');
        expect(local.output).toContain(`local rule: ${file}:5`);
        const unknown = await faults('show', 'blutooth');
        expect([unknown.code, unknown.errors]).toEqual([5, jasmine.stringContaining('did you mean bluetooth')]);
    });

    it('finds in a text or a journal what the rules of a file would have found', async () => {
        const text = join(root, 'syslog');
        writeFileSync(text, 'Nov 22 10:00:00 host backup[12]: repository is locked by host2\n');
        const exported = join(root, 'export');
        const entry = { _UID: 0, _COMM: 'sh', MESSAGE: 'repository is locked by host2' };
        const writer = new EntryWriter();
        const entries = ['backup.service', 'other.service'].map((unit, number) =>
            writer.entry({ __CURSOR: `s=${number}`, _SYSTEMD_UNIT: unit, ...entry }),
        );
        writeFileSync(exported, entries.join('').replace(/(__REALTIME_TIMESTAMP=\d+\n[^]*?)(__CURSOR=.*\n)/g, '$2$1'));
        for (const [log, count] of [
            [text, 1],
            [exported, 2],
        ] as const) {
            const { code, value } = await json('test', file, log);
            expect(code).withContext(log).toBe(0);
            expect(value).toEqual({
                problems: [],
                incidents: [jasmine.objectContaining({ family: 'local:backup', count: 1 })],
                entries: count,
            });
        }
        writeFileSync(text, 'Nov 22 10:00:00 host backup[12]: all is well\n');
        expect((await faults('test', file, text)).code).toBe(1);
    });

    it('shows in reeve analyze what local rules report, marked, beside what Reeve itself reports', async () => {
        const message = 'repository is locked by host2';
        const text = join(root, 'syslog');
        const failed = 'systemd[1]: backup.service: Failed with result "exit-code".'.replaceAll('"', "'");
        writeFileSync(text, ['backup[12]: ' + message, failed].map(line => `Nov 22 10:00:00 host ${line}\n`).join(''));
        const exported = join(root, 'export');
        const writer = new EntryWriter();
        const entry = { _SYSTEMD_UNIT: 'backup.service', _UID: 0, _COMM: 'sh', MESSAGE: message };
        writeFileSync(exported, writer.entry(entry) + writer.failure('backup.service', 1));
        for (const log of [
            ['--text', text],
            ['--input', exported],
        ]) {
            const { code, output } = await reeve('analyze', ...log, '--json');
            expect(code).toBe(0);
            const incidents = output.trimEnd().split('\n');
            expect(incidents.map(line => JSON.parse(line) as unknown)).toEqual(
                jasmine.arrayWithExactContents([
                    jasmine.objectContaining({ family: 'unit', subject: 'backup.service', local_rule: null }),
                    jasmine.objectContaining({ family: 'local:backup', subject: 'Backup', local_rule: `${file}:5` }),
                ]),
            );
        }
        expect((await reeve('analyze', '--text', text)).output).toContain(`  Local rule: ${file}:5\n`);
        writeFileSync(file, localRule.replace('medium', 'huge'));
        const { code, output, errors } = await reeve('analyze', '--text', text);
        expect(code).toBe(0);
        expect(errors).toContain(`${file}:8: rules[0].severity: `);
        expect(output).toContain('1 incident in 2 entries.');
    });

    it('names file, line and field of a mistake', async () => {
        writeFileSync(file, localRule.replace('medium', 'huge'));
        const tested = await json('test', file, '/dev/null');
        expect(tested.code).toBe(1);
        expect(tested.value.problems).toEqual([jasmine.stringContaining(`${file}:8: rules[0].severity: `)]);
        const listed = await faults('list', '--local');
        expect([listed.code, listed.errors]).toEqual([
            1,
            jasmine.stringContaining('backup.yaml:8: rules[0].severity: '),
        ]);
        expect((await faults('test', join(root, 'none.yaml'), '/dev/null')).code).toBe(5);
        expect((await faults('test', file)).code).toBe(2);
        expect((await faults('list', 'disk')).code).toBe(2);
    });
});
