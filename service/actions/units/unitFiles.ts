/** Whether a unit starts with the computer, or with the session of its user, and whether it can be started at all; systemctl(1). */
import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Scope } from '../../model/unit.ts';
import { defineAction } from '../action.ts';
import { isEssential } from '../essential.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { anyOf } from '../wish.ts';
import { requireUnit, unitParameters } from './unitPlan.ts';
import { unitPhrases, unitsMeant } from './unitWish.ts';

type Verb = 'enable' | 'disable' | 'mask' | 'unmask';
type Of = { scope: Scope; unit: string };
type Asked = Pick<Surroundings, 'systemd'> & { signal: AbortSignal };

const touches = ({ unit }: Of) => [`${unit} at startup`];
const inverse: Record<Verb, Verb> = { enable: 'disable', disable: 'enable', mask: 'unmask', unmask: 'mask' };
/** How people say that something starts by itself. */
const byItself = {
    en: '(at boot|on boot|at startup|on startup|automatically|at login|when i log in)',
    de: '(beim start|beim hochfahren|automatisch|beim anmelden)',
    ar: '(تلقائيا|عند الإقلاع)',
};

/** Has a unit start by itself. */
export const unitEnable = defineAction({
    name: 'unit.enable',
    parameters: unitParameters,
    proposable: ['task'],
    touches,
    wishes: [
        {
            phrases: anyOf(unitPhrases({ en: ['enable'], de: ['aktiviere'], ar: ['(فعل|تفعيل)'] }), {
                en: [`(start|run) [service] {unit} ${byItself.en}`, `make [service] {unit} start ${byItself.en}`],
                de: [`starte [dienst] {unit} ${byItself.de}`, `{unit} ${byItself.de} starten`],
                ar: [`شغل [خدمة] {unit} ${byItself.ar}`],
            }),
            parameters: unitsMeant,
        },
    ],
    plan: async (of, asked) => await plan('enable', of, asked),
    verify: async (of, asked) => await verify('enable', of, asked),
});

/** Has a unit no longer start by itself. It goes on running. */
export const unitDisable = defineAction({
    name: 'unit.disable',
    parameters: unitParameters,
    proposable: ['task'],
    touches,
    wishes: [
        {
            phrases: anyOf(unitPhrases({ en: ['disable'], de: ['deaktiviere'], ar: ['(عطل|تعطيل)'] }), {
                en: [`(do not|dont|stop) (start|starting) [service] {unit} ${byItself.en}`],
                de: [`{unit} nicht [mehr] ${byItself.de} starten`, `starte {unit} nicht [mehr] ${byItself.de}`],
                ar: [`لا تشغل [خدمة] {unit} ${byItself.ar}`],
            }),
            parameters: unitsMeant,
        },
    ],
    plan: async (of, asked) => await plan('disable', of, asked),
    verify: async (of, asked) => await verify('disable', of, asked),
});

/** Has a unit start neither by itself nor by hand. */
export const unitMask = defineAction({
    name: 'unit.mask',
    parameters: unitParameters,
    touches,
    wishes: [{ phrases: unitPhrases({ en: ['mask'], de: ['maskiere'], ar: ['(احجب|حجب)'] }), parameters: unitsMeant }],
    plan: async (of, asked) => await plan('mask', of, asked),
    verify: async (of, asked) => await verify('mask', of, asked),
});

/** Lets a masked unit be started again. */
export const unitUnmask = defineAction({
    name: 'unit.unmask',
    parameters: unitParameters,
    touches,
    wishes: [
        {
            phrases: unitPhrases({ en: ['unmask'], de: ['demaskiere'], ar: ['(أزل حجب|إزالة حجب)'] }),
            parameters: unitsMeant,
        },
    ],
    plan: async (of, asked) => await plan('unmask', of, asked),
    verify: async (of, asked) => await verify('unmask', of, asked),
});

/** The state of the unit file from which each leads on: systemctl(1), is-enabled. */
function isPossible(verb: Verb, state: string): boolean {
    if (verb === 'enable') return state === 'disabled';
    if (verb === 'disable') return state === 'enabled';
    return (state === 'masked') === (verb === 'unmask');
}

async function plan(verb: Verb, { scope, unit: name }: Of, { systemd, signal }: Asked) {
    const unit = await requireUnit(systemd, scope, name, signal);
    const state = unit.unitFileState;
    if (!isPossible(verb, state)) throw new ReeveError('InvalidState', refusal(verb, name, state));
    if ((verb === 'disable' || verb === 'mask') && isEssential(unit))
        throw new ReeveError('InvalidState', _('Too much depends on {other} to stop it', { other: name }));
    return {
        title: titleOf(verb, scope, name),
        steps: [step(verb, scope, name)],
        risk: verb === 'enable' || verb === 'unmask' ? ('low' as const) : ('medium' as const),
        riskText:
            verb === 'enable' || verb === 'disable'
                ? _('Only what happens at the next start changes. What runs now goes on.')
                : _('What runs now goes on. Other units that need it may not start while it is masked.'),
        undo: { text: _('Sets it back'), steps: [step(inverse[verb], scope, name)] },
        authentication: scope === 'system',
        preconditions: { [`${name} at startup`]: state },
    };
}

async function verify(verb: Verb, { scope, unit: name }: Of, { systemd, signal }: Asked) {
    const state = (await requireUnit(systemd, scope, name, signal)).unitFileState;
    const gone = !isPossible(verb, state);
    return { gone, detail: gone ? '' : refusal(inverse[verb], name, state) };
}

function step(verb: Verb, scope: Scope, name: string) {
    return {
        description: titleOf(verb, scope, name),
        ...programStep(scope, ['systemctl', ...(scope === 'user' ? ['--user'] : []), verb, '--', name]),
    };
}

function titleOf(verb: Verb, scope: Scope, unit: string): string {
    switch (verb) {
        case 'enable':
            return scope === 'user'
                ? _('Start {unit} at each login', { unit })
                : _('Start {unit} with the computer', { unit });
        case 'disable':
            return _('Do not start {unit} automatically', { unit });
        case 'mask':
            return _('Mask {unit}, so that nothing can start it', { unit });
        case 'unmask':
            return _('Unmask {unit}, so that it can be started again', { unit });
    }
}

function refusal(verb: Verb, unit: string, state: string): string {
    if (state === 'masked') return _('{unit} is masked: it was disabled on purpose', { unit });
    if (verb === 'unmask') return _('{unit} is not masked', { unit });
    if (verb === 'enable' && state === 'enabled') return _('{unit} already starts automatically', { unit });
    if (verb === 'disable' && state === 'disabled') return _('{unit} does not start automatically', { unit });
    return _('Others decide when {unit} starts, so it cannot be turned on or off by itself', { unit });
}
