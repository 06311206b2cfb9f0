import { setTimeout as delay } from 'node:timers/promises';

import { _ } from '../../i18n/i18n.ts';
import type { Change } from '../../model/timelineEntry.ts';
import { filesOf } from '../../machine/machine.ts';
import { run as runProgram } from '../../machine/run.ts';
import type { Run } from '../../machine/run.ts';
import { findSound } from '../../machine/hardware/sound.ts';
import type { Silence } from '../../machine/hardware/sound.ts';
import type { SourceDefinition } from '../../sources/definition.ts';
import { poll } from '../../sources/poll.ts';
import { ReportOnce } from '../../sources/reportOnce.ts';
import type { WrittenFacts } from './facts.ts';

/** A card that was just connected, or a sound server that was just started, needs a moment before it is used. Milliseconds. */
const usualSettle = 5000;

/** Sound without an output although there is a card that could play it. */
export const sound: SourceDefinition = soundSource();

export function soundSource({
    run = runProgram,
    settle = usualSettle,
}: { run?: Run; settle?: number } = {}): SourceDefinition {
    return {
        name: 'sound',
        async run(surroundings, outlet, signal) {
            const machine = { ...filesOf(surroundings.root), run };
            const reports = await ReportOnce.open('sound', surroundings, outlet);
            await poll(surroundings, outlet, signal, async () => {
                let found = await findSound(machine, signal);
                if (found !== null && found.silence !== null) {
                    await delay(settle, undefined, { signal }).catch(() => undefined);
                    if (signal.aborted) return;
                    found = await findSound(machine, signal);
                }
                if (found === null) return;
                const { unused, silence } = found;
                // A headset that comes and goes is no news about a card that somebody has switched off.
                reports.keepOnly(unused);
                if (silence !== null) reports.report(silence.card, changeOf(silence));
            });
        },
    };
}

function changeOf(silence: Silence): Change {
    const { kind, card } = silence;
    return {
        time: Date.now() * 1000,
        // No change, which could be taken for the cause of a fault.
        kind: 'reeve',
        event: kind === 'off' ? 'sound-card-off' : 'sound-card-missing',
        subject: card,
        summary:
            kind === 'off'
                ? _('No sound: the sound card {card} is turned off', { card })
                : _('No sound: the sound server does not know the sound card {card}', { card }),
        detail: '',
        facts: (kind === 'off' ? { device: silence.device, profile: silence.profile } : {}) satisfies WrittenFacts,
    };
}
