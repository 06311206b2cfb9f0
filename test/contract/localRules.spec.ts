import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { until } from '../desktop/waiting.ts';
import { isPresent } from '../support/hostPackages.ts';
import { localRule } from '../support/localRule.ts';
import { appendToJournal, EntryWriter, journalRemote } from '../support/journals.ts';
import { busName, Client, rootPath, startLive, type Live } from './live.ts';

describe('The service, with a rule of this computer', () => {
    let journal: string;
    let file: string;
    let text: string;
    let live: Live;
    let client: Client;

    beforeEach(async () => {
        if (!isPresent(journalRemote)) pending('systemd-journal-remote is missing');
        journal = mkdtempSync(join(tmpdir(), 'reeve-journal-'));
        text = join(journal, 'syslog');
        writeFileSync(text, '');
        live = await startLive(
            state => {
                const folder = join(dirname(state), 'faults.d');
                mkdirSync(folder, { mode: 0o700 });
                file = join(folder, 'backup.yaml');
            },
            { journal, text },
        );
        client = await Client.open(live.bus);
    });
    afterEach(async () => {
        await client[Symbol.asyncDispose]();
        await live[Symbol.asyncDispose]();
        rmSync(journal, { recursive: true });
    });

    const notices = async () =>
        ((await client.get(rootPath, 'Manager.Notices')) as { code: string; text: string }[]).filter(
            ({ code }) => code === 'local-rules-invalid',
        );
    const incidents = async () => {
        const [objects] = (await client.call(rootPath, 'org.freedesktop.DBus.ObjectManager.GetManagedObjects')) as [
            Record<string, Record<string, Record<string, unknown>>>,
        ];
        return Object.values(objects).flatMap((interfaces): Record<string, unknown>[] => {
            const properties = interfaces[`${busName}.Incident`];
            return properties === undefined ? [] : [properties];
        });
    };

    it('marks what it reports, says what is wrong with the file, and forgets it with the file', async () => {
        writeFileSync(file, localRule.replace('medium', 'huge'), { mode: 0o600 });
        await until('the mistake is reported', async () => (await notices()).length === 1);
        expect((await notices())[0]?.text).toContain(`${file}:8: rules[0].severity: `);
        writeFileSync(file, localRule);
        await until('the file is in use', async () => (await notices()).length === 0);

        const writer = new EntryWriter();
        const entry = {
            _SYSTEMD_UNIT: 'backup.service',
            _UID: 0,
            _COMM: 'sh',
            MESSAGE: 'repository is locked by host2',
        };
        await appendToJournal(journal, writer.entry(entry));
        await until('the incident is there', async () => (await incidents()).length === 1);
        expect(await incidents()).toEqual([
            jasmine.objectContaining({
                Family: 'local:backup',
                LocalRule: `${file}:5`,
                Title: 'The backup did not run',
                State: 0,
            }),
        ]);

        // The lines of a text count as well.
        appendFileSync(text, 'Nov 22 10:00:00 host backup[12]: repository is locked by host3\n');
        await until('it has happened again', async () => (await incidents())[0]?.Count === 2);
        expect(await incidents()).toEqual([jasmine.objectContaining({ LocalRule: `${file}:5` })]);

        rmSync(file);
        await until('the incident is closed', async () => (await incidents())[0]?.State === 4);
    });
});
