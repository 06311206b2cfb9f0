import type { Captures } from '../../detection/linePattern.ts';
import { isZoneOff as isOffset } from './zoneOffset.ts';

/** The line is no older (drivers/rtc/hctosys.c came with Linux 2.6.17), so that in no log an earlier year is right. */
const earliestYear = 2006;
/** Before that, a log may be of any day, but clocks that restart do so on the first day of a year. */
const earliestSure = 2020;

export function isZoneOff({ seconds }: Captures): boolean {
    return isOffset(Number(seconds));
}

export function beginsAnew({ year = '', month, day = '' }: Captures): boolean {
    return Number(year) < earliestYear || (Number(year) < earliestSure && Number(month) === 1 && day.startsWith('01'));
}
