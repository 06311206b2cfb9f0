import { dirname } from 'node:path';

import { ReeveError } from '../../util/errors.ts';
import { mechanismRecords } from '../../util/names.ts';
import { _ } from '../../i18n/i18n.ts';
import { networkManager } from '../../machine/network/networkDevices.ts';
import { readSavedConnections, type SavedConnection } from '../../machine/network/savedConnections.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import { connectionParameters, nouns, requireConnection, requireNamed } from './connection.ts';

const { wifi, vpn } = nouns;
/** Where NetworkManager keeps what people set up; NetworkManager.conf(5), [keyfile] path. */
const profiles = '/etc/NetworkManager/system-connections';
/** Root's alone, as the profiles are: they hold passwords. */
const kept = `${mechanismRecords}/forgotten-networks`;

/** Forgets a saved network. Its profile is kept aside with its password, so that undo restores both. */
export const networkForget = defineAction({
    name: 'network.forget',
    parameters: connectionParameters,
    touches: ({ uuid }) => [`connection ${uuid}`],
    wishes: [
        {
            phrases: {
                en: [
                    `(forget|remove|delete) ${wifi.en} {network}`,
                    '(forget|remove|delete) network {network}',
                    `(forget|remove|delete) {network} (wifi|wi-fi|network)`,
                    `(forget|remove|delete) ${vpn.en} {network}`,
                ],
                de: [
                    `(vergiss|entferne|lösche) ${wifi.de} {network}`,
                    '(vergiss|entferne|lösche) netzwerk {network}',
                    `${wifi.de} {network} (vergessen|entfernen|löschen)`,
                    `(vergiss|entferne|lösche) ${vpn.de} {network}`,
                ],
                ar: ['(انس|احذف|نسيان|حذف) (شبكة|اتصال|vpn) {network}'],
            },
            parameters: async ({ network = '' }, asked) =>
                (await requireNamed(network, asked)).map(({ uuid }) => ({ uuid })),
        },
    ],
    async plan({ uuid }, asked) {
        const connection = await requireConnection(uuid, asked);
        const { name, file, state } = connection;
        const isKept = dirname(file) === profiles;
        const aside = `${kept}/${uuid}`;
        return {
            title: _('Forget the network {name}', { name }),
            steps: [isKept ? setAside(connection, aside) : remove(connection)],
            risk: state === 'down' ? 'low' : 'medium',
            riskText: [
                state === 'down' ? _('It is not in use.') : _('It is in use, so it is disconnected.'),
                isKept
                    ? _('Its settings and password are kept in {path}, which only the administrator can read.', {
                          path: kept,
                      })
                    : _('Its settings and password are lost.'),
            ].join(' '),
            undo: isKept
                ? {
                      text: _('Restores the network with its password'),
                      steps: [
                          {
                              description: _('Restore the network {name}', { name }),
                              ...programStep('system', ['mv', '--no-clobber', '--', aside, file], {
                                  after: [['nmcli', 'connection', 'load', file]],
                              }),
                          },
                      ],
                  }
                : null,
            authentication: isKept,
            preconditions: { connection: `${uuid} ${file} ${state}` },
        };
    },
    async verify({ uuid }, { machine, signal }) {
        const connections = await readSavedConnections(machine?.system ?? null, signal);
        if (connections === null) throw new ReeveError('InvalidState', _('NetworkManager is not running'));
        const left = connections.find(each => each.uuid === uuid);
        return {
            gone: left === undefined,
            detail: left === undefined ? '' : _('{name} is still saved', { name: left.name }),
        };
    },
});

function setAside({ name, file }: SavedConnection, aside: string) {
    return {
        description: _('Set the profile of {name} aside, and have NetworkManager read the others again', { name }),
        ...programStep('system', ['mv', '--force', '--', file, aside], {
            before: [['install', '--directory', '--mode=700', kept]],
            after: [['nmcli', 'connection', 'reload']],
        }),
    };
}

function remove({ name, path, uuid }: SavedConnection) {
    return {
        description: _('Forget the network {name}', { name }),
        command: `nmcli connection delete uuid ${uuid}`,
        call: {
            bus: 'system' as const,
            destination: networkManager.destination,
            path,
            interface: `${networkManager.interface}.Settings.Connection`,
            member: 'Delete',
            signature: '',
            arguments: [],
        },
    };
}
