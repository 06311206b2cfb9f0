import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import { packageName } from '../../machine/packages/packageManager.ts';
import { safeText } from '../../text/sanitise.ts';
import { defineAction } from '../action.ts';
import type { Phrases } from '../wish.ts';
import { describeChanges, isName, type Wanted } from './packageManager.ts';
import { packageManagerOf } from './packageManagers.ts';
import { packagesFor, packagesNamed } from './packagesMeant.ts';

const parameters = z.strictObject({ names: z.array(packageName).min(1).max(16) });

/** Also where packages are declared (nixos/nixosInstall.ts). */
export const installPhrases: Phrases = {
    en: [
        'install [(program|app|application|package|game)] {name} [(program|app|application|package|game)]',
        '(download|get me) [(program|app|application|package)] {name}',
        '(need|want) [(program|app|application|package)] {name} [on [this] (computer|laptop|machine|pc)]',
    ],
    de: [
        'installiere [sie] [(programm|anwendung|paket|spiel)] {name}',
        '[(programm|anwendung|paket|spiel)] {name} installieren',
        '(brauche|benötige) [(programm|anwendung|paket|spiel)] {name}',
    ],
    ar: ['(ثبت|نزل|تثبيت) [(برنامج|تطبيق|حزمة)] {name}'],
};

/** Installs packages with what they need, from the sources that are set up. Nothing is removed for it. */
export const packagesInstall = defineAction({
    name: 'packages.install',
    parameters,
    proposable: ['task'],
    touches: ({ names }) => names.map(name => `package ${name}`),
    wishes: [
        {
            phrases: installPhrases,
            parameters: packagesNamed,
        },
        {
            phrases: {
                en: [
                    '(install|get me|find me) [some|something] (program|app|application|tool|software|something) (that|which|to|for) [can] {purpose}',
                ],
                de: [
                    'installiere [sie] (programm|anwendung|etwas) (das|die|womit|zum|um) {purpose}',
                    '(programm|anwendung|etwas) [zum|fur] {purpose} installieren',
                ],
                ar: ['(ثبت|نزل|تثبيت) (برنامج|تطبيق|برنامجا|تطبيقا) {purpose}'],
            },
            parameters: packagesFor,
        },
    ],
    joined: all => ({ names: [...new Set(all.flatMap(({ names }) => names))] }),
    async plan({ names }, { machine, signal }) {
        if (machine === null) throw new ReeveError('InvalidState', _('No known package manager is installed'));
        const manager = await packageManagerOf(machine);
        const there = await Promise.all(names.map(name => manager.isInstalled(machine, name, signal)));
        const known = names.find((_name, index) => there[index] === true);
        if (known !== undefined)
            throw new ReeveError('InvalidState', _('{name} is already installed', { name: known }));
        const wanted: Wanted = { kind: 'install', names };
        const changes = await manager.simulate(machine, wanted, signal);
        const { installed, removed } = changes;
        const added = installed.filter(({ from }) => from === null).map(each => each.name);
        const missing = names.find(name => removed.length > 0 || !added.includes(name));
        if (missing !== undefined)
            throw new ReeveError(
                'InvalidState',
                _('There is no package {name} that can be installed', { name: missing }),
            );
        const isOnlyNew = added.length === installed.length && added.every(isName);
        const others = installed.length - names.length;
        const summaries = await Promise.all(
            names.map(async name => {
                const found = await manager.search(machine, [name], signal);
                return safeText(found.find(each => each.name === name)?.summary ?? '', 200);
            }),
        );
        return {
            title: _('Install {names}', { names: names.join(', ') }),
            explanation: summaries.filter(summary => summary !== '').join('; '),
            steps: [{ description: describeChanges(changes), ...manager.step(wanted) }],
            risk: isOnlyNew ? 'low' : 'medium',
            riskText: isOnlyNew
                ? others === 0
                    ? _('Nothing else is installed, and nothing is removed.')
                    : ngettext(
                          '{count} other package is installed with it, and nothing is removed.',
                          '{count} other packages are installed with it, and nothing is removed.',
                          others,
                      )
                : _('Other packages are updated with it. They run their own scripts and may restart their services.'),
            undo: isOnlyNew
                ? {
                      text: _('Removes what was installed, and keeps settings'),
                      steps: [
                          {
                              description: _('Remove {names}', { names: added.join(', ') }),
                              ...manager.removal(added),
                          },
                      ],
                  }
                : null,
            authentication: true,
            preconditions: { packages: JSON.stringify(changes) },
        };
    },
    async verify({ names }, { machine, signal }) {
        const manager = machine === null ? null : await packageManagerOf(machine);
        const there = await Promise.all(
            names.map(async name => machine !== null && (await manager?.isInstalled(machine, name, signal))),
        );
        const missing = names.find((_name, index) => there[index] !== true);
        const detail = missing === undefined ? '' : _('{name} is not installed', { name: missing });
        return { gone: missing === undefined, detail };
    },
});
