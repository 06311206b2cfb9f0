/** What time zones differ from UTC by, in hours, beside whole ones up to fourteen: the tz database. */
const oddOffsets = [2.5, 3.5, 4.5, 5.5, 5.75, 6.5, 8.75, 9.5, 10.5, 12.75, 13.75];
const offsets = [...Array.from({ length: 14 }, (_unused, index) => index + 1), ...oddOffsets].map(
    hours => hours * 3600,
);
/** How much a clock may go wrong beside while the computer is switched off: two weeks, at two seconds a day. Seconds. */
const drift = 30;
/** What daylight saving time moves local time by; Lord Howe Island's half an hour is the offset of no time zone. Seconds. */
const daylightSaving = 3600;

/** Whether a clock is wrong by so much as only a mistaken time zone makes it. @param seconds how much it is wrong by */
export function isZoneOff(seconds: number): boolean {
    return offsets.some(offset => isOff(seconds, offset));
}

/** Whether a clock is wrong by so much as a change of daylight saving time makes it. */
export function isDaylightSavingOff(seconds: number): boolean {
    return isOff(seconds, daylightSaving);
}

function isOff(seconds: number, offset: number): boolean {
    return Math.abs(Math.abs(seconds) - offset) <= drift;
}
