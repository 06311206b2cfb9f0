import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ExportParser } from '../../../service/journal/exportParser.ts';
import { journalFields, JournalLogEntry } from '../../../service/journal/logEntry.ts';
import { LocalRules } from '../../../service/localRules/localRules.ts';
import type { Finding, Incident } from '../../../service/model/incident.ts';
import { EntryWriter } from '../../support/journals.ts';
import type { Fields } from '../../support/journals.ts';

const owner = process.getuid?.() ?? 0;

const backup = `name: backup
title: Backup
about: The backup does not run.
programs: [restic]
rules:
    - kind: locked
      from: [backup.service, backup@.service, restic]
      lines: ['repository is locked by {who}']
      unless: ['for a moment']
      severity: medium
      title: The backup did not run ({subject})
      cause: "{who} holds the lock."
      advice: Wait for it.
      fixes: [unit.restart]
      quiet: 120
harmless:
    - from: backup.service
      lines: ['repository is locked by me']
`;

describe('Local rules', () => {
    let root: string;
    let folder: string;
    let rules: LocalRules;
    let writer: EntryWriter;

    const write = (name: string, content: string) => {
        writeFileSync(join(folder, `${name}.yaml`), content, { mode: 0o600 });
    };
    const feed = (fields: Fields): Finding[] => {
        const found: Finding[] = [];
        const parser = new ExportParser(journalFields, exported => {
            for (const verdict of rules.feed(new JournalLogEntry(exported)))
                if ('finding' in verdict) found.push(verdict.finding);
        });
        parser.push(Buffer.from(writer.entry({ __CURSOR: `s=${Math.random()}`, ...fields })));
        parser.end();
        return found;
    };
    const ofUnit = (unit: string, message: string) =>
        feed({ _SYSTEMD_UNIT: unit, _UID: 0, _COMM: 'sh', MESSAGE: message });
    const problemsOf = async (content: string, name = 'backup') => {
        write(name, content);
        await rules.reload();
        return rules.problems.join('\n').replaceAll(`${folder}/`, '');
    };

    beforeEach(async () => {
        root = mkdtempSync(join(tmpdir(), 'reeve-rules-'));
        folder = join(root, 'faults.d');
        mkdirSync(folder, { mode: 0o700 });
        writer = new EntryWriter();
        rules = new LocalRules({ folders: [{ path: folder, owner }], reserved: ['disk'], uid: 1000 });
        await rules.reload();
    });
    afterEach(async () => {
        await rules[Symbol.asyncDispose]();
        rmSync(root, { recursive: true });
    });

    it('report what a unit logs, marked with the file and the line of the rule', async () => {
        write('backup', backup);
        await rules.reload();
        expect(rules.problems).toEqual([]);
        const [finding] = ofUnit('backup.service', 'repository is locked by host2');
        expect(finding).toEqual(
            jasmine.objectContaining({
                family: 'local:backup',
                kind: 'locked',
                subject: 'backup.service',
                title: 'The backup did not run (backup.service)',
                cause: 'host2 holds the lock.',
                rootCause: null,
                facts: { unit: 'backup.service', unitScope: 'system', localRule: `${folder}/backup.yaml:6` },
            }),
        );
    });

    it('believe the units and programs that the file names, and nobody else', async () => {
        write('backup', backup);
        await rules.reload();
        const message = 'repository is locked by host2';
        expect(ofUnit('backup@home.service', message)).toHaveSize(1);
        expect(ofUnit('other.service', message)).toEqual([]);
        expect(feed({ _UID: 0, _COMM: 'restic', MESSAGE: message })).toHaveSize(1);
        writer = new EntryWriter(1_700_000_100_000_000);
        expect(feed({ _UID: 1000, _COMM: 'restic', MESSAGE: message }))
            .withContext('the user’s own')
            .toHaveSize(1);
        expect(feed({ _UID: 1001, _COMM: 'restic', MESSAGE: message }))
            .withContext('somebody else’s')
            .toEqual([]);
        expect(feed({ _UID: 1001, _COMM: 'x', SYSLOG_IDENTIFIER: 'restic', MESSAGE: message })).toEqual([]);
        expect(feed({ _SYSTEMD_UNIT: 'backup.service', _COMM: 'conmon', _UID: 0, MESSAGE: message }))
            .withContext('what a container printed')
            .toEqual([]);
    });

    it('hold what is harmless only within their own file', async () => {
        write('backup', backup);
        write('other', backup.replace('name: backup', 'name: other').replace(/harmless[^]*/, ''));
        await rules.reload();
        const families = ofUnit('backup.service', 'repository is locked by me').map(({ family }) => family);
        expect(families).toEqual(['local:other']);
        expect(ofUnit('backup.service', 'repository is locked by x for a moment')).toEqual([]);
    });

    it('offer a fix only for the service whose process wrote the line', async () => {
        write('backup', backup);
        await rules.reload();
        const remediation = rules.diagnosed('local:backup')?.remediation?.kinds?.locked;
        const parametersFor = (facts: Record<string, string>) =>
            remediation?.fixes?.[0]?.parameters({ facts, subject: 'ssh.service' } as Incident);
        expect(remediation?.advice()).toBe('Wait for it.');
        expect(parametersFor({ unit: 'backup.service', unitScope: 'system' })).toEqual({
            scope: 'system',
            unit: 'backup.service',
        });
        expect(parametersFor({})).toBeNull();
        expect(parametersFor({ unit: 'user@1000.service', unitScope: 'system' })).toBeNull();
        expect(parametersFor({ unit: 'session-2.scope', unitScope: 'system' })).toBeNull();
    });

    it('keep the last version of a file without mistakes until it is removed', async () => {
        write('backup', backup);
        await rules.reload();
        expect(await problemsOf(backup.replace('severity: medium', 'severity: huge'))).toMatch(
            /^backup\.yaml:10: rules\[0\]\.severity: /,
        );
        expect(ofUnit('backup.service', 'repository is locked by host2')).toHaveSize(1);
        expect(rules.mayHave('local:backup', 'locked')).toBeTrue();
        rmSync(join(folder, 'backup.yaml'));
        await rules.reload();
        expect(rules.problems).toEqual([]);
        expect(rules.mayHave('local:backup', 'locked')).toBeFalse();
        expect(ofUnit('backup.service', 'repository is locked by host2')).toEqual([]);
    });

    it('notice by themselves when a file comes', async () => {
        const { promise, resolve } = Promise.withResolvers<undefined>();
        rules.once('changed', () => {
            resolve(undefined);
        });
        writeFileSync(join(root, 'draft'), backup, { mode: 0o600 });
        renameSync(join(root, 'draft'), join(folder, 'backup.yaml'));
        await promise;
        expect(rules.families.map(({ name }) => name)).toEqual(['local:backup']);
    });

    it('remember what came before when another file changes', async () => {
        write('backup', backup.replace('quiet: 120', 'repeat: { times: 2, within: 60 }'));
        await rules.reload();
        expect(ofUnit('backup.service', 'repository is locked by host2')).toEqual([]);
        write('other', backup.replace('name: backup', 'name: other').replaceAll('locked', 'closed'));
        await rules.reload();
        expect(rules.problems).toEqual([]);
        expect(ofUnit('backup.service', 'repository is locked by host2')).toHaveSize(1);
    });

    const refused: [string, (content: string) => string, RegExp][] = [
        ['code', text => text.replace('title: Backup', 'title: !code run'), /^backup\.yaml:2: .*!code/],
        [
            'aliases',
            text => text.replace('title: Backup', 'title: &a Backup').replace('cause: ', 'cause: *a #'),
            /:2: anchors/,
        ],
        [
            'keys that it does not know',
            text => text.replace('quiet:', 'exec:'),
            /:15: rules\[0\]\.exec: is not a known key/,
        ],
        [
            'a subject of a unit’s failure',
            text => text.replace('quiet: 120', 'ofUnit: cause'),
            /ofUnit: is not a known key/,
        ],
        [
            'anybody',
            text => text.replace('[backup.service, backup@.service, restic]', 'anybody'),
            /:7: rules\[0\]\.from: anybody/,
        ],
        [
            'programs that nobody knows',
            text => text.replace('programs: [restic]\n', ''),
            /rules\[0\]\.from: restic is neither/,
        ],
        [
            'how a program of Reeve’s own families is recognised',
            text => text.replace('[restic]', '{ reeve: { names: restic } }'),
            /:4: programs: must be a list of names: only Reeve’s own families/,
        ],
        ...['severity', 'descriptions', 'subsystem', 'verbosity'].map(
            (key): [string, (content: string) => string, RegExp] => [
                `${key} of programs`,
                text => text.replace('rules:', `${key}: { loud: restic }\nrules:`),
                new RegExp(`:5: ${key}: is only for Reeve’s own families`),
            ],
        ),
        [
            'fixes that are not on the list',
            text => text.replace('unit.restart', 'file.revert'),
            /fixes\[0\]: must be one of/,
        ],
        [
            'placeholders that no line has',
            text => text.replace('{who} holds', '{nobody} holds'),
            /cause: no line captures nobody/,
        ],
        [
            'literals that no index can hold',
            text => text.replace('repository is locked by {who}', 'gesperrt für {who}'),
            /ASCII/,
        ],
        [
            'a kind twice',
            text => text.replace('harmless:', `${/ {4}- kind[^]*quiet: 120\n/.exec(text)?.[0] ?? ''}harmless:`),
            /another rule has the kind locked/,
        ],
        [
            'another name than the file’s',
            text => text.replace('name: backup', 'name: other'),
            /:1: name: the file must be called other\.yaml$/,
        ],
        ['what nests too deeply', () => '['.repeat(60_000), /^backup\.yaml/],
        ['what is no YAML', () => 'name: [\n\t: }', /^backup\.yaml:\d/],
        [
            'a key with characters that change how it is drawn, and show it without them',
            text => text.replace('quiet:', '"qui\\u202Eet\\u001B[31m":'),
            /: rules\[0\]\.quiet: is not a known key$/,
        ],
        ['more than the limit', text => `${text}${'#'.repeat(65_536)}`, /is larger than 64 KiB/],
    ];
    for (const [what, change, message] of refused)
        it(`refuse ${what}`, async () => {
            expect(await problemsOf(change(backup))).toMatch(message);
            expect(rules.families).toEqual([]);
        });

    it('refuse the names of Reeve’s own families', async () => {
        expect(await problemsOf(backup.replace('name: backup', 'name: disk'), 'disk')).toContain(
            'Reeve already has a family of this name',
        );
    });

    it('refuse files and folders that others may write to', async () => {
        write('backup', backup);
        chmodSync(join(folder, 'backup.yaml'), 0o602);
        await rules.reload();
        expect(rules.problems.join()).toContain('others may write to it');
        chmodSync(join(folder, 'backup.yaml'), 0o600);
        chmodSync(folder, 0o777);
        await rules.reload();
        expect(rules.problems.join()).toContain(`${folder}: ignored: others may write to it`);
        expect(rules.families).toEqual([]);
    });

    it('refuse files of somebody else, but not of root', async () => {
        await rules[Symbol.asyncDispose]();
        rules = new LocalRules({ folders: [{ path: folder, owner: owner + 1 }], reserved: [], uid: 1000 });
        write('backup', backup);
        const file = join(folder, 'backup.yaml');
        if (owner === 0) chownSync(file, owner + 2, owner + 2);
        await rules.reload();
        expect(rules.problems.join()).toContain('ignored: it must belong to');
        expect(rules.families).toEqual([]);
        if (owner !== 0) return;
        chownSync(file, 0, 0);
        await rules.reload();
        expect(rules.problems).toEqual([]);
        expect(rules.families.length).toBe(1);
    });
});
