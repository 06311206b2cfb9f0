import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { readConfiguration } from '../../machine/nixos/nixos.ts';
import { readOptions } from '../../machine/nixos/options.ts';
import { ReeveError } from '../../util/errors.ts';
import { defineAction } from '../action.ts';
import { planEdit, requireNixos } from './configurationEdit.ts';
import { setOption, setsOption } from './nixText.ts';

const option = z
    .string()
    .max(256)
    .regex(/^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+$/, 'is not the name of an option');
const parameters = z.strictObject({ option, value: z.string().min(1).max(128) });

/**
 * Gives an option of NixOS a value; configuration.nix(5). Only a person asks for it: an option can also be the password for sudo, the firewall
 * or who may log in, and no list of such options would be complete.
 */
export const nixosSet = defineAction({
    name: 'nixos.set',
    parameters,
    touches: () => ['nixos'],
    wishes: [
        {
            phrases: {
                en: ['set [the] nixos option {name} to {value}'],
                de: ['setze [die] nixos-option {name} auf {value}', '[die] nixos-option {name} auf {value} setzen'],
                ar: ['اضبط خيار nixos {name} على {value}'],
            },
            parameters: ({ name = '', value = '' }) =>
                option.safeParse(name).success ? [{ option: name, value }] : [],
        },
    ],
    async plan({ option: name, value }, asked) {
        const literal = await literalFor(name, value, asked);
        const planned = await planEdit(asked, {
            title: _('Set {option} to {value}', { option: name, value: literal }),
            fits: text => setsOption(text, name),
            edit: text => setOption(text, name, literal),
            refusals: {
                form: path => _('{path} has a form that Reeve does not edit', { path }),
                present: path => _('{path} already says that', { path }),
                absent: path => _('{path} does not say that', { path }),
            },
        });
        return planned;
    },
    async verify({ option: name, value }, asked) {
        const literal = await literalFor(name, value, asked);
        const files = await readConfiguration(await requireNixos(asked));
        const gone = files.some(({ bytes }) => {
            const edited = setOption(bytes.toString('utf8'), name, literal);
            return 'refusal' in edited && edited.refusal === 'present';
        });
        return { gone, detail: gone ? '' : _('{option} does not have this value', { option: name }) };
    },
});

/**
 * The value as Nix writes it, where the option's own type leaves nothing open: text of any sort could be a command.
 *
 * @throws ReeveError InvalidState for an option that is not there; InvalidArgument for a value that does not fit
 */
async function literalFor(name: string, value: string, asked: Parameters<typeof requireNixos>[0]): Promise<string> {
    const options = await readOptions(await requireNixos(asked));
    if (options === null)
        throw new ReeveError('InvalidState', _('The manual page configuration.nix(5) is not installed'));
    const type = options.find(each => each.name === name)?.type;
    if (type === undefined) throw new ReeveError('InvalidState', _('There is no option {option}', { option: name }));
    const choices = Array.from(type.matchAll(/"([\w.+-]*)"/g), ([, choice = '']) => choice);
    const isChoice = /^(?:null or )?one of /.test(type) && choices.includes(value);
    const isFlag = type === 'boolean' && (value === 'true' || value === 'false');
    const isNumber =
        /^(?:null or )?(?:signed |unsigned |positive |\d+ bit unsigned )*integer\b/.test(type) &&
        /^-?\d{1,15}$/.test(value);
    if (isFlag || isNumber) return value;
    if (isChoice) return `"${value}"`;
    const given = { option: name, type };
    if (/^(?:null or )?one of |^boolean$|integer/.test(type))
        throw new ReeveError('InvalidArgument', _('The value of {option} is: {type}', given));
    throw new ReeveError('InvalidState', _('Only you can set {option}, as its value can be anything ({type})', given));
}
