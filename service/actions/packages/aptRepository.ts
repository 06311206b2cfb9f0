import { existsSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { listNames, readBytes, readText } from '../../machine/machine.ts';
import type { Step } from '../../model/proposal.ts';
import { defineAction, valueCheck } from '../action.ts';
import { editSteps } from '../files/editedFile.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { osReleaseField } from '../../machine/packages/versions.ts';
import { isOfSystem, sourcesFolder, uriOfSuite } from './systemSource.ts';

const folder = sourcesFolder;
const limit = 65_536;
const word = /^[A-Za-z0-9][A-Za-z0-9.+~_/-]{0,99}$/;
/** Only keys that are there already: a repository that nobody has vouched for can install anything. */
const key = z.string().regex(/^\/(?:usr\/share|etc\/apt)\/keyrings\/(?!\.)[\w.+-]{1,100}\.(?:gpg|asc|pgp)$/);
/** A file of deb822, as sources.list(5) has it: what a person has to know of a source, and nothing else. */
const source = z.strictObject({
    name: z.string().regex(/^(?!\.)[A-Za-z0-9][\w.-]{0,63}$/),
    uri: z.string().regex(/^https?:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?(?:\/[\w./~+-]*)?$/),
    suite: z.string().regex(word),
    components: z.array(z.string().regex(word)).min(1).max(8),
    key,
});
type Source = z.infer<typeof source>;
/** The file of a source, without its folder. */
const file = z.strictObject({ file: z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}\.(?:sources|list)$/) });
type Asked = Surroundings & { signal: AbortSignal };

const touches = () => ['package sources'];

/** Adds a source of packages for APT. */
export const repositoryAdd = defineAction({
    name: 'repository.add',
    parameters: source,
    touches,
    wishes: [
        {
            phrases: {
                en: ['(add|enable|turn on|use) [debian] (backports|backports repository)'],
                de: [
                    '[debian] (backports|backports-quelle) (hinzufügen|aktivieren|einschalten|verwenden)',
                    '(aktiviere|verwende) [debian] backports',
                ],
                ar: ['(فعل|أضف) [مستودع] backports'],
            },
            parameters: async (_slots, asked) => [await backports(asked)],
        },
    ],
    async plan(wanted, asked) {
        const { machine, contents } = asked;
        const path = `${folder}/${wanted.name}.sources`;
        requireFolder(asked);
        if (!existsSync(join(machine?.root ?? '/', wanted.key)))
            throw new ReeveError(
                'InvalidState',
                _('There is no key {path}, which would vouch for the source', { path: wanted.key }),
            );
        if (machine !== null && (await readBytes(machine, path, 1)) !== null)
            throw new ReeveError('InvalidState', _('{path} already exists', { path }));
        const title = _('Install packages also from {uri} ({suite})', { uri: wanted.uri, suite: wanted.suite });
        const { step, undo } = await editSteps(
            'system',
            path,
            { from: null, to: Buffer.from(textOf(wanted)), permissions: '0:0 0644' },
            { description: title, back: _('Remove {path}', { path }) },
            contents,
        );
        return {
            title,
            steps: [step, refresh()],
            risk: 'medium',
            riskText: _('Who has this source can install programs on this computer with each update.'),
            undo: {
                text: _('Removes the source. What was installed from it stays.'),
                steps: [undo, { ...refresh(), undoes: 1 }],
            },
            authentication: true,
            preconditions: {},
        };
    },
    async verify(wanted, { machine }) {
        const text = machine === null ? null : await readText(machine, `${folder}/${wanted.name}.sources`, limit);
        return valueCheck(text === textOf(wanted));
    },
});

/** Drops a source of packages that is in a file of its own. What was installed from it stays. */
export const repositoryDrop = defineAction({
    name: 'repository.drop',
    parameters: file,
    touches,
    wishes: [
        {
            phrases: {
                en: [
                    '(remove|drop|delete|disable) (repository|repo|package source|software source) {name}',
                    '(remove|drop|disable) {name} (repository|repo|package source)',
                ],
                de: [
                    '(entferne|lösche|deaktiviere) (paketquelle|quelle|repository) {name}',
                    '(paketquelle|repository) {name} (entfernen|löschen|deaktivieren)',
                ],
                ar: ['(احذف|أزل|عطل) مستودع {name}'],
            },
            parameters: async ({ name = '' }, { machine }) => {
                const names = machine === null ? [] : await listNames(machine, folder);
                return names
                    .filter(
                        each =>
                            file.safeParse({ file: each }).success && each.replace(/\.\w+$/, '').toLowerCase() === name,
                    )
                    .map(each => ({ file: each }));
            },
        },
    ],
    async plan({ file: name }, asked) {
        const { machine, contents } = asked;
        const path = `${folder}/${name}`;
        requireFolder(asked);
        const from = machine === null ? null : await readBytes(machine, path, limit);
        if (from === null || from.length === limit)
            throw new ReeveError('InvalidState', _('There is no package source {name}', { name }));
        if (await isOfSystem(name, from.toString('utf8'), machine))
            throw new ReeveError('InvalidState', _('The system itself is updated from {name}, so it stays', { name }));
        const title = _('Remove the package source {name}', { name });
        const { step, undo } = await editSteps(
            'system',
            path,
            { from, to: null, permissions: '0:0 0644' },
            { description: title, back: _('Restore {path}', { path }) },
            contents,
        );
        return {
            title,
            steps: [step, refresh()],
            risk: 'medium',
            riskText: _('What was installed from it stays, and gets no more updates.'),
            undo: { text: _('Restores {path}', { path }), steps: [undo, { ...refresh(), undoes: 1 }] },
            authentication: true,
            preconditions: {},
        };
    },
    async verify({ file: name }, { machine }) {
        const gone = machine !== null && (await readBytes(machine, `${folder}/${name}`, 1)) === null;
        return { gone, detail: gone ? '' : _('{path} is still there', { path: `${folder}/${name}` }) };
    },
});

/** @throws ReeveError InvalidState where APT is not what installs packages */
function requireFolder({ machine }: Asked): void {
    if (!existsSync(join(machine?.root ?? '/', folder)))
        throw new ReeveError('InvalidState', _('This computer does not use APT'));
}

function textOf({ uri, suite, components, key: by }: Source): string {
    const lines = [
        'Types: deb',
        `URIs: ${uri}`,
        `Suites: ${suite}`,
        `Components: ${components.join(' ')}`,
        `Signed-By: ${by}`,
    ];
    return `${lines.join('\n')}\n`;
}

function refresh(): Step {
    return {
        description: _('Ask the package sources what they have'),
        ...programStep('system', ['apt-get', 'update']),
    };
}

/**
 * As https://backports.debian.org/Instructions/ has it, from where the release itself comes: a mirror has both.
 *
 * @throws ReeveError InvalidState on another system
 */
async function backports({ machine }: Asked): Promise<Source> {
    const text = (machine === null ? null : await readText(machine, '/etc/os-release', limit)) ?? '';
    const codename = osReleaseField(text, 'VERSION_CODENAME') ?? '';
    if (machine === null || osReleaseField(text, 'ID') !== 'debian' || codename === '' || codename === 'sid')
        throw new ReeveError('InvalidState', _('Only a release of Debian has backports'));
    const uri = await uriOfSuite(codename, machine);
    if (uri === null)
        throw new ReeveError('InvalidState', _('No package source here has the release {codename}', { codename }));
    return {
        name: `${codename}-backports`,
        uri,
        suite: `${codename}-backports`,
        components: ['main'],
        key: '/usr/share/keyrings/debian-archive-keyring.gpg',
    };
}
