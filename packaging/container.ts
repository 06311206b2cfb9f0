/** The container for the service alone: what it is built from. */
import { packagedLibrary } from './manifest.ts';

/** Where the bus of the container listens; its commands and its service find it there. */
export const containerBus = '/run/reeve-bus';
/** A volume: what the service keeps, and its configuration. */
const kept = '/data';

/** With a package of Debian's that brings its own Node. */
export const containerBase = 'docker.io/library/debian:trixie-slim';

/**
 * The service is the first process of the container, which ends with it, and to which `podman stop` sends its signal.
 *
 * @param bus the configuration of the bus
 */
export const containerEntry = (bus: string): string[] => [
    'sh',
    '-c',
    `dbus-daemon --config-file=/etc/reeve/${bus} --fork && exec ${packagedLibrary}/bin/reeved "$@"`,
    'reeved',
];

/** @param deb the package's file beside it, and `bus` the configuration of the bus */
export function containerFile({ deb, bus }: { deb: string; bus: string }): string {
    const folders = { CONFIG: 'config', DATA: 'share', STATE: 'state', CACHE: 'cache' };
    return `# Made by \`npm run package:container\` (build/container.ts).
ARG BASE=${containerBase}
FROM \${BASE}
COPY ${deb} /tmp/
COPY ${bus} /etc/reeve/
RUN apt-get update \\
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends dbus-daemon /tmp/${deb} \\
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/* /tmp/${deb}
ENV DBUS_SESSION_BUS_ADDRESS=unix:path=${containerBus} ${Object.entries(folders)
        .map(([name, folder]) => `XDG_${name}_HOME=${kept}/${folder}`)
        .join(' ')}
VOLUME ${kept}
ENTRYPOINT ${JSON.stringify(containerEntry(bus))}
CMD ["--journal", "/var/log/journal"]
`;
}
