import { Connection, type BusAddress } from '../dbus/connection.ts';
import { _ } from '../i18n/i18n.ts';
import type { BusCall } from '../model/proposal.ts';
import { ReeveError } from '../util/errors.ts';

/** Opens a connection to one of two buses, of which a machine may have no system bus. */
export function opener(addresses: { session: BusAddress; system: BusAddress | null }) {
    return async (bus: BusCall['bus']): Promise<Connection> => {
        const address = addresses[bus];
        if (address === null) throw new ReeveError('Unavailable', _('There is no system bus'));
        return Connection.open(address);
    };
}
