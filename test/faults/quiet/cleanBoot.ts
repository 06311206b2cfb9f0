import { setTimeout as pause } from 'node:timers/promises';
import type { QuietRun } from '../scenario.ts';

/** After a start what goes wrong is collected for a minute, and told of at the end of it at the latest. */
const collected = 75_000;

export const scenario: QuietRun = {
    title: 'a clean boot and login',
    run: () => pause(collected),
};
