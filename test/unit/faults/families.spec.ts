import type { DetectedFamily } from '../../../service/detection/family.ts';
import { countsInJournals } from '../../../service/detection/faultRule.ts';
import { Sessions } from '../../../service/detection/sessions.ts';
import { makeCheck } from '../../../service/diagnosis/check.ts';
import { both, either, quietFor } from '../../../service/diagnosis/recovery.ts';
import { families as ofText } from '../../../service/faults/generated/text.ts';
import { detectedFamilies } from '../../../service/faults/detected.ts';
import { explanations } from '../../../service/incidents/generated/explanations.ts';
import { families } from '../../../service/faults/index.ts';
import type { Remediation, Remediations } from '../../../service/diagnosis/remediation.ts';
import { hasCarrier } from '../../../service/faults/link/recovery.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import { general } from '../../../service/sources/registry.ts';
import { faultyComputer, incidentOf, manager, minute, now } from '../../support/faultyComputer.ts';

describe('What is done about faults', () => {
    const computer = faultyComputer();

    it('is for kinds that can be raised on a running computer', () => {
        for (const { name, rules, changes = {}, remediation } of families) {
            const live = rules.filter(rule => countsInJournals(rule) && !rule.isPrecursor);
            const kinds = new Set([...live, ...Object.values(changes)].map(({ kind }) => kind));
            for (const [kind] of remediationsOf(remediation))
                if (kind !== '') expect(kinds.has(kind)).withContext(`${name} ${kind}`).toBeTrue();
        }
    });

    it('is for faults that the journal of another computer is searched for, too', () => {
        const detected = ({ name, rules, harmless, isGeneric, stateful, observer }: DetectedFamily) => ({
            ...{ name, rules, harmless, isGeneric },
            stateful: stateful?.(new Sessions()).constructor,
            observer: observer?.().constructor,
        });
        expect(detectedFamilies.map(detected)).toEqual(families.map(detected));
    });

    it('has a cause only where that says more than the title', () => {
        const usual = new Set([
            'the',
            'its',
            'has',
            'not',
            'are',
            'was',
            'cannot',
            'that',
            'and',
            'for',
            'with',
            'too',
        ]);
        const wordsOf = (text: string) =>
            new Set(
                text
                    .replace(/\{[^}]*\}/g, ' ')
                    .toLowerCase()
                    .match(/[a-z]{3,}/g)
                    ?.filter(word => !usual.has(word)),
            );
        const texts = (text: unknown) => [text].flat().filter(each => typeof each === 'string');
        let compared = 0;
        for (const { title, cause } of [...ofText, ...families].flatMap(({ rules }) => rules)) {
            for (const one of texts(title)) {
                for (const other of texts(cause).filter(text => wordsOf(text).size > 0)) {
                    compared += 1;
                    const [named, said] = [wordsOf(one), wordsOf(other)];
                    const again = [...said].filter(word => named.has(word)).length;
                    expect(again / said.size)
                        .withContext(`“${one}” and “${other}”`)
                        .toBeLessThan(0.6);
                }
            }
        }
        expect(compared).toBeGreaterThan(300);
    });

    it('explains only what a family has, and no change is of a source that does not exist', () => {
        const kinds = new Set(
            [...ofText, ...families].flatMap(({ name, rules }) => [
                name,
                ...rules.map(({ kind }) => `${name} ${kind}`),
            ]),
        );
        for (const { family, kinds: causes = [], faults = [] } of explanations)
            for (const other of [family, ...causes.map(kind => `${family} ${kind}`), ...faults])
                if (!other.startsWith('unit ')) expect(kinds.has(other)).withContext(`${family}: ${other}`).toBeTrue();
        const sources = new Set([...general, ...families.flatMap(({ watch = [] }) => watch)].map(({ name }) => name));
        // The journal has no definition, as it feeds detection itself.
        for (const { changes = {} } of families)
            for (const key of Object.keys(changes))
                expect(sources.has(key.split(' ')[0] ?? '') || key === 'journal new-error')
                    .withContext(key)
                    .toBeTrue();
    });

    it('confirms by the state alone what anybody may report', async () => {
        for (const { name, rules } of families)
            for (const { kind } of rules.filter(({ needsConfirmation }) => needsConfirmation)) {
                const check = makeCheck({ ...manager(), families, machine: computer.machine, clock: () => now });
                const { gone, isUnknown = false } = await check(incidentOf(name, kind));
                // Nothing can be seen of this computer.
                expect(gone || isUnknown)
                    .withContext(`${name} ${kind}`)
                    .toBeTrue();
            }
    });

    it('offers only what is an action, with parameters that fit it', async () => {
        const { actions } = computer;
        const incident = { subject: 'clock@example.org', facts: { user: 'alice', interface: 'eth0' } };
        for (const { name: family, remediation } of families) {
            for (const [kind, { fixes = [] }] of remediationsOf(remediation)) {
                for (const { action, parameters } of fixes) {
                    const values = parameters(incidentOf(family, kind, incident));
                    if (values === null) continue;
                    const fix = { action, parameters: values, explanation: '' };
                    await actions.plan(fix, new AbortController().signal).catch((error: unknown) => {
                        // As things are here most of them cannot be done.
                        expect(error instanceof ReeveError ? error.code : error)
                            .withContext(`${family} ${action}`)
                            .toBe('InvalidState');
                    });
                }
            }
        }
    });

    it('calls what only the log reports over when it has been quiet', async () => {
        expect(await computer.isGone(incidentOf('usb', 'errors'), 59 * minute)).toBeFalse();
        expect(await computer.isGone(incidentOf('usb', 'errors'), 60 * minute)).toBeTrue();
    });

    it('ends some time, for every kind that can be raised: after a week and a start of the computer', async () => {
        const week = 8 * 24 * 60 * minute;
        computer.write('proc/stat', `btime ${(now + minute) / 1_000_000}\n`);
        computer.write('proc/self/mountinfo', '');
        computer.write('proc/meminfo', 'MemTotal: 8000000 kB\nMemAvailable: 6000000 kB\n');
        const stuck: string[] = [];
        for (const { name: family, rules, changes = {}, remediation } of families) {
            if (remediation === undefined) continue;
            const live = rules.filter(rule => countsInJournals(rule) && !rule.isPrecursor);
            const kinds = new Set([...live, ...Object.values(changes)].map(({ kind }) => kind));
            for (const kind of kinds)
                if (!(await computer.isGone(incidentOf(family, kind), week))) stuck.push(`${family} ${kind}`);
        }
        // What these look at is there on each computer that has such a fault; the specs of the families break and repair it.
        const seen = ['power battery', 'power worn', 'memory pressure', 'runaway disk-busy'];
        const counted = ['limits inotify', 'limits inotify-instances'];
        const asked = ['routing no-route', 'routing gateway', 'configuration invalid'];
        const online = ['no-internet', 'unreachable', 'portal'];
        const all = [...seen, ...counted, ...asked, ...online.map(kind => `routing ${kind}`)];
        expect(stuck.toSorted()).toEqual(all.toSorted());
        computer.output['ip -json -4 route show default'] = '[{"dst":"default","gateway":"192.0.2.1","dev":"eth0"}]';
        computer.output['ip -json -6 route show default'] = '[]';
        for (const kind of online)
            expect(await computer.isGone(incidentOf('routing', kind)))
                .withContext(kind)
                .toBeTrue();
    });

    it('does not take quiet for a sign that a fix helped', async () => {
        const down = incidentOf('link', 'down');
        const afterFix = {
            ...manager(),
            machine: computer.machine,
            incident: down,
            afterFix: true,
            now,
            signal: AbortSignal.timeout(5000),
        };
        const isOver = either(hasCarrier, quietFor(60));
        computer.write('sys/class/net/eth0/carrier', '0\n');
        expect(await isOver.check(afterFix)).toEqual({ gone: false, detail: 'eth0 is not connected' });
        expect(await either(quietFor(60), hasCarrier).check(afterFix)).toEqual(await isOver.check(afterFix));
        // Nor is it said in the place of what is known.
        expect((await isOver.check({ ...afterFix, afterFix: false })).detail).toBe('eth0 is not connected');
        expect((await both(hasCarrier, quietFor(60)).check(afterFix)).isUnknown).toBeUndefined();
        computer.write('sys/class/net/eth0/carrier', '1\n');
        expect((await isOver.check(afterFix)).gone).toBeTrue();
        expect(await both(hasCarrier, quietFor(60)).check(afterFix)).toEqual(
            jasmine.objectContaining({ gone: false, isUnknown: true }),
        );
        const check = makeCheck({ ...manager(), families, machine: computer.machine, clock: () => now + 120 * minute });
        const limits = incidentOf('limits', 'processes');
        expect(await check(limits, { afterFix: true })).toEqual(
            jasmine.objectContaining({ gone: false, isUnknown: true }),
        );
        expect((await check(limits)).gone).toBeTrue();
    });

    it('says nothing of a computer that it cannot look at', async () => {
        const check = makeCheck({ ...manager(), families, machine: null });
        expect((await check(incidentOf('usb', 'errors', { lastSeen: 0 }))).gone).toBeFalse();
    });
});

/** By kind; the one for all others has none. */
function remediationsOf(remediation: Remediations | undefined): [string, Remediation][] {
    if (remediation === undefined) return [];
    const kinds = Object.entries(remediation.kinds ?? {}) as [string, Remediation][];
    return [['', remediation.otherwise], ...kinds];
}
