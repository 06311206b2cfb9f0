import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

import type { StepCheck } from '../../diagnosis/guide.ts';
import { isAbsence } from '../../machine/machine.ts';

/** What bootctl(1) itself asks for: nobody but root may read it. */
export const isPrivate: StepCheck = {
    about: 'only its owner may use it',
    async check({ incident: { subject }, machine }) {
        if (!subject.startsWith('/')) return { gone: false, detail: '' };
        try {
            return { gone: ((await lstat(join(machine.root, subject))).mode & 0o077) === 0, detail: '' };
        } catch (error) {
            if (isAbsence(error)) return { gone: false, detail: '' };
            throw error;
        }
    },
};
