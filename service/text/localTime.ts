const two = (value: number) => String(value).padStart(2, '0');

/** @param microseconds since the Unix epoch @returns local time, such as "2026-11-21 03:14:05" */
export function localTime(microseconds: number): string {
    const date = new Date(microseconds / 1000);
    const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
    return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}
