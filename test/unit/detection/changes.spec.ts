import { readFileSync } from 'node:fs';

import { families, faultOfChange } from '../../../service/faults/index.ts';
import type { TimelineEntry } from '../../../service/model/timelineEntry.ts';

const broke: TimelineEntry = {
    id: 7,
    time: 5,
    kind: 'session',
    event: 'extension-error',
    subject: 'clock@example.org',
    source: 'shell-extensions',
    summary: 'The extension Clock has an error',
    detail: 'TypeError: x is undefined',
    facts: { extension: 'clock@example.org' },
};

describe('Faults that sources report', () => {
    it('are those of sources that docs/sources.md describes, to which their pages lead', () => {
        const page = readFileSync(new URL('../../../docs/sources.md', import.meta.url), 'utf8');
        const sources = new Set(
            families.flatMap(({ changes = {} }) => Object.keys(changes).map(key => key.split(' ')[0] ?? '')),
        );
        expect([...sources].filter(source => !page.includes(`\`${source}\``))).toEqual([]);
    });

    it('are named in the source’s words, once for each time', () => {
        expect(faultOfChange(broke)).toEqual(
            jasmine.objectContaining({
                family: 'desktop',
                kind: 'extension',
                scope: 'user',
                subject: 'clock@example.org',
                title: 'The extension Clock has an error',
                occurrence: 'timeline 7',
            }),
        );
        expect(faultOfChange(broke)?.evidence[0]?.message).toContain('TypeError');
    });

    it('are the system’s where a way out is gone', () => {
        const lost = { ...broke, source: 'network', subject: 'eth0', facts: { interface: 'eth0', family: 'inet' } };
        expect(faultOfChange({ ...lost, event: 'no-route' })).toEqual(
            jasmine.objectContaining({ family: 'routing', kind: 'no-route', scope: 'system', subject: 'eth0' }),
        );
        expect(faultOfChange({ ...lost, event: 'no-carrier' })).toEqual(
            jasmine.objectContaining({ family: 'link', kind: 'down', scope: 'system', subject: 'eth0' }),
        );
        expect(faultOfChange({ ...lost, event: 'default-route-lost' })).toBeNull();
        expect(faultOfChange({ ...lost, event: 'carrier-lost' })).toBeNull();
    });

    it('are the disk’s when it is the root that gets full, as in the log', () => {
        const low = { ...broke, source: 'space', event: 'space-low', facts: { place: '/' } };
        expect(faultOfChange({ ...low, subject: '/' })).toEqual(
            jasmine.objectContaining({ family: 'disk-space', kind: 'low', subject: 'disk', scope: 'system' }),
        );
        expect(faultOfChange({ ...low, subject: '/home' })?.subject).toBe('/home');
        expect(faultOfChange({ ...low, event: 'space-back', subject: '/' })).toBeNull();
    });

    it('are a restart that is needed, and name the same subject as the log', () => {
        const needed = { ...broke, source: 'restart', event: 'restart-needed', subject: 'system' };
        expect(faultOfChange(needed)).toEqual(
            jasmine.objectContaining({ family: 'reboot', kind: 'needed', subject: 'system', severity: 'low' }),
        );
    });

    it('are unfinished installations, which belong to the package that the log named', () => {
        const left = { ...broke, source: 'installations', facts: { packages: 'ssh vim' } };
        expect(faultOfChange({ ...left, event: 'interrupted', subject: 'packages' })).toEqual(
            jasmine.objectContaining({
                family: 'packages',
                kind: 'interrupted',
                subject: 'packages',
                rootCause: 'ssh',
            }),
        );
        expect(faultOfChange({ ...left, event: 'half-configured', subject: 'ssh' })).toEqual(
            jasmine.objectContaining({ family: 'packages', kind: 'broken', subject: 'ssh', rootCause: null }),
        );
    });

    it('are only those of the source itself', () => {
        expect(faultOfChange({ ...broke, source: '' })).toBeNull();
        expect(faultOfChange({ ...broke, event: 'extension-enabled' })).toBeNull();
    });
});
