import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { translateIncidents } from '../../../service/detection/incidentLanguage.ts';
import { families } from '../../../service/faults/index.ts';
import { useLocale } from '../../../service/i18n/locale.ts';
import { useCatalogue } from '../../../service/i18n/i18n.ts';
import { Incidents } from '../../../service/incidents/incidents.ts';
import type { Finding } from '../../../service/model/incident.ts';
import { Database } from '../../../service/store/database.ts';
import { Timeline } from '../../../service/timeline/timeline.ts';

const german: Record<string, string> = {
    '{subject} got no address from the network': '{subject} hat vom Netzwerk keine Adresse bekommen',
    'The computer is too hot': 'Der Computer ist zu heiß',
    'A fan is blocked or broken, or the load is too high for the cooling. The computer slows down or turns itself off.':
        'Ein Lüfter ist blockiert.',
};
const overheated: Partial<Finding> = {
    family: 'power',
    kind: 'overheated',
    subject: 'x86_pkg_temp',
    title: 'The computer is too hot',
    cause: 'A fan is blocked or broken, or the load is too high for the cooling. The computer slows down or turns itself off.',
};

describe('Incidents in the database, after a change of the language', () => {
    let directory: string;
    let database: Database;
    let incidents: Incidents;

    const report = (change: Partial<Finding>) => {
        const incident = incidents.report({
            family: 'dhcp',
            kind: 'no-address',
            scope: 'system',
            subject: 'wlan0',
            severity: 'medium',
            title: '',
            cause: '',
            time: Date.now() * 1000,
            occurrence: null,
            evidence: [],
            rootCause: null,
            facts: {},
            ...change,
        });
        if (incident === null) throw new Error('nothing was reported');
        return incident.id;
    };
    const startIn = async (locale: string) => {
        useCatalogue({ messages: {}, pluralForms: [] });
        useLocale(directory, { environment: { LANG: locale } });
        await translateIncidents({ database, families, incidents, catalogues: directory });
    };

    beforeEach(async () => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-language-'));
        const messages = Object.fromEntries(Object.entries(german).map(([english, words]) => [english, [words]]));
        writeFileSync(join(directory, 'de.json'), JSON.stringify({ messages, pluralForms: [] }));
        database = Database.open(directory, () => undefined).database;
        const noise = () => ({ perHour: 3, minimumSeverity: 'medium' as const });
        incidents = new Incidents({ families, database, timeline: new Timeline({ database }), noise });
        await startIn('en_US.UTF-8');
    });
    afterEach(() => {
        incidents[Symbol.dispose]();
        database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
        useCatalogue({ messages: {}, pluralForms: [] });
    });

    it('are translated, there and back', async () => {
        const unnamed = report(overheated);
        const named = report({ title: 'wlan0 got no address from the network' });

        await startIn('de_DE.UTF-8');

        expect(incidents.get(named)?.title).toBe('wlan0 hat vom Netzwerk keine Adresse bekommen');
        expect(incidents.get(unnamed)).toEqual(
            jasmine.objectContaining({ title: 'Der Computer ist zu heiß', cause: 'Ein Lüfter ist blockiert.' }),
        );

        await startIn('en_US.UTF-8');

        expect(incidents.get(named)?.title).toBe('wlan0 got no address from the network');
        expect(incidents.get(unnamed)?.cause).toBe(overheated.cause);
    });

    it('keep what no rule said', async () => {
        const id = report({ ...overheated, title: 'Fan of the dock: too hot', cause: 'Nobody knows' });

        await startIn('de_DE.UTF-8');

        expect(incidents.get(id)).toEqual(
            jasmine.objectContaining({ title: 'Fan of the dock: too hot', cause: 'Nobody knows' }),
        );
    });

    it('lose the change that was blamed, which the diagnosis blames again in the new one', async () => {
        const id = report(overheated);
        const cause = overheated.cause ?? '';
        incidents.update(id, { cause: `A file was edited before this began. ${cause}`, facts: { logCause: cause } });

        await startIn('de_DE.UTF-8');

        expect(incidents.get(id)).toEqual(
            jasmine.objectContaining({
                cause: 'Ein Lüfter ist blockiert.',
                facts: { logCause: 'Ein Lüfter ist blockiert.' },
            }),
        );
    });

    it('are left alone where it is the same', async () => {
        report(overheated);
        let changes = 0;
        incidents.on('changed', () => {
            changes += 1;
        });

        await startIn('en_GB.UTF-8');

        expect(changes).toBe(0);
    });
});
