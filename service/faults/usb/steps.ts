import type { GuidedStep, StepCheck } from '../../diagnosis/guide.ts';
import { _ } from '../../i18n/i18n.ts';
import { listNames } from '../../machine/machine.ts';

/** Where the kernel looks, also for compressed files: fw_path and fw_get_filesystem_firmware() of drivers/base/firmware_loader. */
const folders = ['/lib/firmware', '/lib/firmware/updates'];
const endings = ['', '.zst', '.xz'];

const hasFirmware: StepCheck = {
    about: 'the file of the firmware is there',
    async check({ incident, machine }) {
        const { firmware = '' } = incident.facts;
        const parts = firmware.split('/');
        const name = parts.pop() ?? '';
        if (name === '' || parts.includes('..') || firmware.startsWith('/')) return { gone: false, detail: '' };
        const listed = await Promise.all(folders.map(folder => listNames(machine, [folder, ...parts].join('/'))));
        return { gone: listed.some(names => endings.some(ending => names.includes(`${name}${ending}`))), detail: '' };
    },
};

export const installFirmware: GuidedStep = {
    text: incident =>
        incident?.facts.firmware === undefined
            ? _('Install the package that has the firmware.')
            : _('Install the package that has the firmware {firmware}.', { firmware: incident.facts.firmware }),
    seen: hasFirmware,
};
