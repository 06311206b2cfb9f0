import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { EntryWriter } from '../../support/journals.ts';
import { run } from '../../support/program.ts';

const program = fileURLToPath(new URL('../../../service/cli/main.ts', import.meta.url));

const rules = `name: backup
title: Backup
about: The backup does not run.
rules:
    - kind: locked
      from: backup.service
      lines: ['repository is locked by {who}']
      severity: medium
      subject: =Backup
      title: The backup did not run
      advice: Wait for {who}.
`;

describe('reeve faults', () => {
    let root: string;
    let file: string;

    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-faults-'));
        const folder = join(root, 'config', 'reeve', 'faults.d');
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        file = join(folder, 'backup.yaml');
        writeFileSync(file, rules, { mode: 0o600 });
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    const faults = async (...args: string[]) => {
        const env = { PATH: process.env.PATH, HOME: root, XDG_CONFIG_HOME: join(root, 'config'), LANG: 'C.UTF-8' };
        const argv = [process.execPath, '--disable-warning=ExperimentalWarning', program, 'faults', ...args];
        return await run(argv, { env });
    };
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

    it('names file, line and field of a mistake', async () => {
        writeFileSync(file, rules.replace('medium', 'huge'));
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
