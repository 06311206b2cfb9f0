/** The servers of models that a person declares: which one is meant, and the unit that runs it. */
import { homedir } from 'node:os';
import { join } from 'node:path';

import type { DeclaredService } from '../../config/services.ts';
import { _ } from '../../i18n/i18n.ts';
import { ReeveError } from '../../util/errors.ts';
import type { Surroundings } from '../surroundings.ts';

/** The unit that runs it, of the user's service manager. */
export function unitOfService(service: Pick<DeclaredService, 'name'> & { kind: string; unit?: string }): string {
    return service.kind === 'unit' && service.unit !== undefined
        ? service.unit
        : `reeve-service-${service.name}.service`;
}

/** The file that the unit is made of; null for a unit of somebody else's. */
export function fileOfService(service: DeclaredService): { path: string; text: string } | null {
    const folder = join(homedir(), '.config');
    const name = `reeve-service-${service.name}`;
    const head = `# Written by Reeve from [services.${service.name}] of its configuration.`;
    switch (service.kind) {
        case 'unit':
            return null;
        case 'command':
            return {
                path: join(folder, 'systemd/user', `${name}.service`),
                text: [head, ...unitText(service.name), ...serviceText(service.command, service.environment)].join(
                    '\n',
                ),
            };
        case 'container':
            return service.engine === 'podman'
                ? { path: join(folder, 'containers/systemd', `${name}.container`), text: quadletText(head, service) }
                : { path: join(folder, 'systemd/user', `${name}.service`), text: dockerText(head, service) };
    }
}

type Container = Extract<DeclaredService, { kind: 'container' }>;

function unitText(name: string): string[] {
    return ['[Unit]', `Description=Model server ${name}`, ''];
}

/** After systemd.service(5): ":" before a program keeps systemd from putting the values of variables into its arguments. */
function serviceText([program = '', ...rest]: readonly string[], environment: readonly string[]): string[] {
    return [
        '[Service]',
        'Type=exec',
        `ExecStart=${[`:${program}`, ...rest].map(quoted).join(' ')}`,
        ...environment.map(setting => `Environment=${quoted(setting)}`),
        ...restarting,
        '',
    ];
}

const restarting = ['Restart=on-failure', 'RestartSec=5'];

/** podman-systemd.unit(5): Podman's generator makes a unit of the same name. It is reachable from this computer alone. */
function quadletText(head: string, service: Container): string {
    const { name, image, environment, volumes, devices } = service;
    return [
        head,
        ...unitText(name),
        '[Container]',
        `ContainerName=reeve-service-${name}`,
        `Image=${image}`,
        `PublishPort=${published(service)}`,
        ...environment.map(setting => `Environment=${quoted(setting)}`),
        ...volumes.map(volume => `Volume=${percent(volume)}`),
        ...devices.map(device => `AddDevice=${percent(device)}`),
        ...(service.arguments.length === 0 ? [] : [`Exec=${service.arguments.map(quoted).join(' ')}`]),
        '',
        '[Service]',
        ...restarting,
        '# The image may have to be downloaded first.',
        'TimeoutStartSec=900',
        '',
    ].join('\n');
}

/** docker-run(1): in the foreground it hands on the signals that end it. */
function dockerText(head: string, service: Container): string {
    const { name, image, environment, volumes, devices } = service;
    const argv = [
        ...['/usr/bin/docker', 'run', '--rm', `--name=reeve-service-${name}`, `--publish=${published(service)}`],
        ...environment.map(setting => `--env=${setting}`),
        ...volumes.map(volume => `--volume=${volume}`),
        ...devices.map(device => `--device=${device}`),
        ...[image, ...service.arguments],
    ];
    return [head, ...unitText(name), ...serviceText(argv, [])].join('\n');
}

function published({ url, port }: Container): string {
    const { hostname, port: outside } = new URL(url);
    return `${hostname === '[::1]' ? '[::1]' : '127.0.0.1'}:${outside}:${port}`;
}

/** systemd.syntax(7), "Quoting", and the specifiers of systemd.unit(5). */
function quoted(word: string): string {
    return `"${percent(word).replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function percent(text: string): string {
    return text.replaceAll('%', '%%');
}

/** @throws ReeveError NotFound */
export function requireDeclared(name: string, { declared }: Pick<Surroundings, 'declared'>): DeclaredService {
    const found = declared?.().find(service => service.name === name);
    if (found === undefined) throw new ReeveError('NotFound', _('There is no service {name}', { name }));
    return found;
}

/** Those that a person's words name; all of them when the words name none. */
export function servicesMeant(
    { server }: Readonly<Record<string, string>>,
    { declared }: Pick<Surroundings, 'declared'>,
): { service: string }[] {
    const plain = (text: string) => text.toLowerCase().replaceAll(/[\s-]+/g, '-');
    const all = declared?.() ?? [];
    const meant = server === undefined ? all : all.filter(({ name }) => plain(name) === plain(server));
    return meant.map(({ name }) => ({ service: name }));
}
