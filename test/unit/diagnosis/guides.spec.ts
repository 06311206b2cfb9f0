import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { untilRestart } from '../../../service/diagnosis/recovery.ts';
import { Guides } from '../../../service/diagnosis/guides.ts';
import type { DiagnosedFamily } from '../../../service/diagnosis/family.ts';
import type { GuidedStep } from '../../../service/diagnosis/guide.ts';
import { faultyComputer, minute, now } from '../../support/faultyComputer.ts';
import { failureOf, makeLoop } from '../approval/loop.ts';

/** The steps of a family of its own, whose subject is plugged in when a file is there. */
function familyWith(guide: readonly [GuidedStep, ...GuidedStep[]]): DiagnosedFamily {
    const recovery = { about: '', check: () => ({ gone: false, detail: '' }) };
    return { name: 'unit', remediation: { otherwise: { recovery, advice: () => '', guide } } };
}

describe('Guided fixes', () => {
    const computer = faultyComputer();
    let folder: ReturnType<typeof mkdtempDisposableSync>;
    let loop: ReturnType<typeof makeLoop>;
    beforeEach(() => {
        folder = mkdtempDisposableSync(join(tmpdir(), 'reeve-guides-'));
        loop = makeLoop(folder.path, {});
    });
    afterEach(() => {
        loop.database[Symbol.dispose]();
        folder.remove();
    });

    const plugIn: GuidedStep = {
        text: incident => `Plug in ${incident?.subject ?? 'it'}.`,
        seen: {
            about: '',
            check: ({ timeline, incident }) => ({
                gone: timeline.query({ since: incident.lastSeen + 1, kinds: ['device'] }).length > 0,
                detail: '',
            }),
        },
        panel: 'display',
    };
    const restart: GuidedStep = { text: () => 'Restart.', seen: untilRestart };
    function guidesOf(...guide: [GuidedStep, ...GuidedStep[]]) {
        const { machine } = computer;
        return new Guides({ ...loop, families: [familyWith(guide)], machine });
    }
    const opened = () => {
        const incident = loop.incidents.report({ ...failureOf('screen.service'), time: now });
        if (incident === null) throw new Error('no incident');
        return () => loop.incidents.get(incident.id) ?? incident;
    };
    const plugged = (time: number) => {
        loop.timeline.add({ time, kind: 'device', event: 'added', subject: '', summary: '', detail: '' });
    };
    const seen = (guides: Guides, incident: ReturnType<ReturnType<typeof opened>>) =>
        guides.steps(incident).map(({ isSeen }) => isSeen);

    it('wait for each step, and end with the recovery check', async () => {
        const guides = guidesOf(plugIn, restart);
        const incident = opened();
        expect(guides.steps(incident())).toEqual([
            { text: 'Plug in screen.service.', isSeen: false, panel: 'display' },
            { text: 'Restart.', isSeen: false, panel: null },
            { text: 'Reeve checks that the fault is gone.', isSeen: false, panel: null },
        ]);
        await guides.look(incident().id);
        expect(seen(guides, incident())).toEqual([false, false, false]);
        plugged(now + minute);
        await guides.look(incident().id);
        expect(seen(guides, incident())).toEqual([true, false, false]);
        computer.write('proc/stat', `btime ${(now + 2 * minute) / 1_000_000}\n`);
        await guides.look(incident().id);
        expect(seen(guides, incident())).toEqual([true, true, false]);
        loop.incidents.setState(incident().id, 'recovered', '');
        expect(seen(guides, incident())).toEqual([true, true, true]);
    });

    it('wait again when the fault occurs again', async () => {
        const guides = guidesOf(plugIn);
        const incident = opened();
        plugged(now + minute);
        await guides.look(incident().id);
        expect(seen(guides, incident())).toEqual([true, false]);
        loop.incidents.report({ ...failureOf('screen.service'), time: now + 2 * minute, occurrence: 'again' });
        await guides.look(incident().id);
        expect(incident().count).toBe(2);
        expect(seen(guides, incident())).toEqual([false, false]);
    });

    it('end with a step that only the recovery check can see', () => {
        const guides = guidesOf({ text: () => 'Charge it.' });
        const incident = opened();
        expect(guides.steps(incident()).map(({ text }) => text)).toEqual(['Charge it.']);
        expect(seen(guides, incident())).toEqual([false]);
        loop.incidents.dismiss(incident().id, { forever: false });
        expect(seen(guides, incident())).toEqual([false]);
    });

    it('do not take a step as done whose check fails', async () => {
        const broken = { about: '', check: () => Promise.reject(new Error('no answer')) };
        const guides = guidesOf({ text: () => 'Ask it.', seen: broken }, plugIn);
        const incident = opened();
        plugged(now + minute);
        await guides.look(incident().id);
        expect(seen(guides, incident())).toEqual([false, true, false]);
    });

    it('see nothing on a computer that is not this one', async () => {
        const guides = new Guides({ ...loop, families: [familyWith([plugIn])], machine: null });
        const incident = opened();
        plugged(now + minute);
        await guides.look(incident().id);
        expect(seen(guides, incident())).toEqual([false, false]);
    });
});
