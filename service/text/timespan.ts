/** As in systemd's src/basic/time-util.h. */
const secondsPerUnit: Readonly<Record<string, number>> = {
    y: 31_557_600,
    month: 2_629_800,
    w: 604_800,
    d: 86_400,
    h: 3600,
    min: 60,
    s: 1,
    ms: 1e-3,
    us: 1e-6,
};

/** Seconds of a span of time as format_timespan() of systemd's src/basic/time-util.c writes it: "1h 1min 33.222s"; or NaN. */
export function parseTimespan(text: string): number {
    let seconds = 0;
    for (const part of text.trim().split(' ')) {
        const [, amount = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,9})?)([a-z]+)$/.exec(part) ?? [];
        seconds += Number(amount) * (secondsPerUnit[unit] ?? NaN);
    }
    return seconds;
}
