/** Numbers as a model reads them best: short, with their unit, in English whatever the user's language. */

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Powers of 1000, as GNOME shows sizes. */
export function bytes(size: number): string {
    let value = size;
    let unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
        value /= 1000;
        unit += 1;
    }
    return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? 'B'}`;
}

/** @param share 0 to 1 */
export function percent(share: number): string {
    return `${Math.round(share * 100)} %`;
}

/** The two largest units of it: "2 d 3 h", "45 s". */
export function duration(seconds: number): string {
    const parts: [number, string][] = [
        [Math.floor(seconds / 86_400), 'd'],
        [Math.floor((seconds % 86_400) / 3600), 'h'],
        [Math.floor((seconds % 3600) / 60), 'min'],
        [Math.floor(seconds % 60), 's'],
    ];
    const first = parts.findIndex(([count]) => count > 0);
    const shown = parts.slice(first < 0 ? 3 : first).slice(0, 2);
    return shown
        .filter(([count], index) => count > 0 || index === 0)
        .map(([count, unit]) => `${count} ${unit}`)
        .join(' ');
}

/** Local time with its distance from now: "2026-11-21 14:02:33 (5 min ago)". @param time, now microseconds since the Unix epoch */
export function moment(time: number, now: number): string {
    const date = new Date(time / 1000);
    const two = (value: number) => String(value).padStart(2, '0');
    const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
    const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
    const seconds = Math.round((now - time) / 1_000_000);
    return `${day} ${clock} (${seconds >= 0 ? `${duration(seconds)} ago` : `in ${duration(-seconds)}`})`;
}
