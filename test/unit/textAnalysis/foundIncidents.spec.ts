import { openIncident } from '../../../service/incidents/merge.ts';
import type { IncidentDraft } from '../../../service/incidents/merge.ts';
import type { Finding } from '../../../service/model/incident.ts';
import { FoundIncidents } from '../../../service/textAnalysis/foundIncidents.ts';

function incident(subject: string, second: number, more: Partial<IncidentDraft> = {}): IncidentDraft {
    const finding: Finding = {
        family: 'disk',
        kind: 'io-error',
        scope: 'system',
        subject,
        severity: 'high',
        title: '',
        cause: '',
        time: second * 1_000_000,
        occurrence: null,
        evidence: [],
        rootCause: null,
        facts: {},
    };
    return { ...openIncident(finding, 0), ...more };
}

describe('The incidents that were found in a log', () => {
    const near = (found: FoundIncidents, since: number, until: number) =>
        found.near(since * 1_000_000, until * 1_000_000).map(({ subject }) => subject);

    it('are near a time if they lasted until then, in the order in which they were opened', () => {
        const found = new FoundIncidents();
        for (const [subject, second] of [
            ['sdc', 300],
            ['sda', 100],
            ['sdb', 104],
        ] as const)
            found.set(incident(subject, second));
        expect(near(found, 95, 115)).toEqual(['sda', 'sdb']);
        expect(near(found, 0, 1000)).toEqual(['sdc', 'sda', 'sdb']);
        found.set(incident('sda', 100, { lastSeen: 305_000_000 }));
        expect(near(found, 301, 310)).toEqual(['sda']);
        found.delete({ family: 'disk', scope: 'system', subject: 'sda' });
        expect(near(found, 0, 1000)).toEqual(['sdc', 'sdb']);
    });

    it('are near a time also where the clock jumps by years', () => {
        const found = new FoundIncidents();
        for (const [subject, second] of [
            ['sda', 10],
            ['sdb', 1_700_000_000],
        ] as const)
            found.set(incident(subject, second));
        expect(near(found, 0, 20)).toEqual(['sda']);
        expect(near(found, 1_699_999_990, 1_700_000_010)).toEqual(['sdb']);
    });

    it('are found by what they say now, not by what they said before', () => {
        const found = new FoundIncidents();
        found.set(incident('sda', 100, { affected: ['home.mount'], facts: { pid: '7', reasonOf: 'a.service' } }));
        found.set(incident('sdb', 101, { affected: ['home.mount'], facts: { pid: '7', reasonOf: 'a.service' } }));
        expect(found.about('system', 'sda')?.subject).toBe('sda');
        expect(found.affecting('system', 'home.mount')?.subject).toBe('sdb');
        expect(found.ofProcess('disk', ['6', '7'])?.subject).toBe('sdb');
        expect(found.reportedBy('system', 'a.service')?.subject).toBe('sdb');
        found.set(incident('sdb', 101));
        expect(found.affecting('system', 'home.mount')?.subject).toBe('sda');
        expect(found.ofProcess('disk', ['7'])?.subject).toBe('sda');
        expect(found.reportedBy('system', 'a.service')?.subject).toBe('sda');
        expect(found.affecting('user', 'home.mount')).toBeUndefined();
    });
});
