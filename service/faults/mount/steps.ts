import type { StepCheck } from '../../diagnosis/guide.ts';
import { readText } from '../../machine/machine.ts';
import { parseMounts } from '../../machine/storage/filesystems.ts';

export const isMounted: StepCheck = {
    about: 'its path or its device is mounted',
    async check({ incident: { subject }, machine }) {
        const text = (await readText(machine, '/proc/self/mountinfo', 1_048_576)) ?? '';
        const isThere = parseMounts(text).some(({ path, source }) =>
            [path, source, source.replace('/dev/', '')].includes(subject),
        );
        return { gone: isThere, detail: '' };
    },
};
