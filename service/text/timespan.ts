const secondsPerUnit: Readonly<Record<string, number>> = {
    d: 86_400,
    h: 3600,
    min: 60,
    s: 1,
    ms: 1e-3,
    us: 1e-6,
};

/** Seconds of a span of time as format_timespan() of systemd's src/basic/time-util.c writes it: "1h 1min 33.222s". */
export function parseTimespan(text: string): number {
    let seconds = 0;
    for (const part of text.trim().split(' ')) {
        const [, amount = '0', unit = ''] = /^(\d{1,9}(?:\.\d{1,9})?)([a-z]+)$/.exec(part) ?? [];
        seconds += Number(amount) * (secondsPerUnit[unit] ?? 0);
    }
    return seconds;
}
