import type { StepCheck } from '../../diagnosis/guide.ts';
import { readProperties } from '../../machine/properties.ts';

/** The collection that the log-in should unlock, at its path of gnome-keyring; Locked is of the Secret Service API. */
const keyring = {
    destination: 'org.freedesktop.secrets',
    path: '/org/freedesktop/secrets/collection/login',
    interface: 'org.freedesktop.Secret.Collection',
};

export const isKeyringOpen: StepCheck = {
    about: 'the login keyring is unlocked',
    async check({ machine, signal }) {
        const properties = await readProperties(machine.session, keyring, signal);
        return { gone: properties?.Locked === false, detail: '' };
    },
};
