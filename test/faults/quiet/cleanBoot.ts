import { setTimeout as pause } from 'node:timers/promises';
import type { QuietRun } from '../scenario.ts';

/** After startup, problems are collected for up to a minute before they are reported. */
const collected = 75_000;

export const scenario: QuietRun = {
    title: 'a clean boot and login',
    run: () => pause(collected),
};
