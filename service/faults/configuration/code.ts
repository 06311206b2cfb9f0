import type { Captures } from '../../detection/linePattern.ts';

/** Whether what cannot be read is a file, by its path or ending: programs parse requests and answers, too. */
export function isFileOrNone({ path }: Captures): boolean {
    return path === undefined || /\/|\.[a-z]/i.test(path);
}
