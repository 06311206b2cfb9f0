import type { DetectedFamily } from '../detection/family.ts';
import { families } from './generated/live.ts';
import { UncleanStop } from './reboot/uncleanStop.ts';
import { HardwareClock } from './time/hardwareClock.ts';
import { unitPlacement } from './unit/placement.ts';
import { UnitRules } from './unit/rules.ts';

type Stateful = Pick<DetectedFamily, 'stateful' | 'observer'>;

/** By family, what detects its faults beside rules. */
const besideRules = new Map<string, Stateful>([
    ['reboot', { stateful: sessions => new UncleanStop(sessions) }],
    ['time', { observer: () => new HardwareClock() }],
]);

/**
 * The families of `index.ts` with no more than a detector needs: a log that is only analysed starts sooner without what is done
 * about faults.
 */
export const detectedFamilies: readonly DetectedFamily[] = [
    ...families.map(family => ({ ...family, ...besideRules.get(family.name) })),
    { ...unitPlacement, rules: [], harmless: [], stateful: sessions => new UnitRules(sessions) },
];
